import { namesText } from '../../json/namesText';
import type { HistoryEntry, RecordedChange } from './entry';

/** A line of the history: a write of this extension, or one that PostHog's own activity log knows. */
export class HistoryItem {
  /**
   * @param elsewhere who made the change, where it was not made through this extension on this computer
   * @param isTheirs the side of before is what they had set, and the other one what has replaced it
   */
  constructor(
    readonly entry: HistoryEntry,
    readonly elsewhere?: { readonly who: string },
    readonly isTheirs = false,
  ) {}
}

/** Of changes, the settings, columns or other keys that they are about, each once. */
export const namesOf = (changes: readonly RecordedChange[]): readonly string[] => [
  ...new Set(
    changes.map(({ path }) =>
      path[0] === 'columns' ? path.slice(0, 2).map(String).join('.') : String(path[0]),
    ),
  ),
];

/** What was done, in a few words. */
export function titleOf({ kind, changes, table }: Pick<HistoryEntry, 'kind' | 'changes' | 'table'>): string {
  const names = namesText(namesOf(changes));
  const name = table?.name ?? 'the environment';
  switch (kind) {
    case 'save':
    case 'copy':
    case 'apply':
    case 'retype':
      return names === '' ? name : names;
    case 'undo':
      return `Undo ${names}`;
    case 'restore':
      return `Restore ${names}`;
    case 'rename': {
      const to = changes[0]?.to;
      return typeof to === 'string' ? `Rename to ${to}` : `Rename ${name}`;
    }
    case 'create':
      return `Create ${name}`;
    case 'delete':
      return `Delete ${name}`;
    case 'link':
      return `Link ${name}`;
    case 'upload':
      return `Upload ${name}`;
    case 'refresh':
      return `Refresh schema of ${name}`;
    case 'credentials':
      return `Replace credentials of ${name}`;
  }
}
