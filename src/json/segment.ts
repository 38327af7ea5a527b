import { asText } from './visibleText';

/** A name as a path segment. */
export function segment(name: string): string {
  const text = asText(name)
    .replace(/[\\/:*?"<>|\s]+/g, ' ')
    .trim();
  return /^\.*$/.test(text) ? 'unnamed' : text;
}
