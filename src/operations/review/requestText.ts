import { maskSecrets } from '../../settings/document';
import type { PlannedRequest } from './curl';

/** A dialog can't scroll. */
const shownLines = 60;

/** A request as it will be sent, without secrets; a long one says how much it leaves out. */
export function requestLines({ method, url, body }: PlannedRequest): readonly string[] {
  const lines = JSON.stringify(maskSecrets(body), undefined, 2).split('\n');
  const more = lines.length - shownLines;
  return [
    `${method} ${url}`,
    ...(more > 1
      ? [...lines.slice(0, shownLines), `… ${more} more lines. "Copy as curl" has all of it.`]
      : lines),
    '',
  ];
}
