import { namesText } from '../../json/namesText';
import type { HistoryEntry, RecordedChange } from './entry';

/** A history item: a write by this extension, or one from PostHog's own activity log. */
export class HistoryItem {
  /**
   * @param elsewhere who made the change, if it wasn't made by this extension on this computer
   * @param isTheirs the old value is theirs, and the new one replaced it
   */
  constructor(
    readonly entry: HistoryEntry,
    readonly elsewhere?: { readonly who: string },
    readonly isTheirs = false,
  ) {}
}

/** The settings, columns, or other keys that changes are about, each once. */
export const namesOf = (changes: readonly RecordedChange[]): readonly string[] => [
  ...new Set(
    changes.map(({ path }) =>
      path[0] === 'columns' ? path.slice(0, 2).map(String).join('.') : String(path[0]),
    ),
  ),
];

/** A short title for what was done. */
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
