import { asText } from './visibleText';

/** A name as a part of a path. */
export function segment(name: string): string {
  const text = asText(name)
    .replace(/[\\/:*?"<>|\s]+/g, ' ')
    .trim();
  return /^\.*$/.test(text) ? 'unnamed' : text;
}
