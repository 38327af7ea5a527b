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

/** What a write changed: its settings or, for a table, its keys with the table's name. */
export function changedOf({ changes, table }: Pick<HistoryEntry, 'changes' | 'table'>): string {
  const names = namesText(namesOf(changes));
  return table && names !== '' ? `${names} of ${table.name}` : names;
}

/** A short title for what was done. */
export function titleOf({ kind, changes, table }: Pick<HistoryEntry, 'kind' | 'changes' | 'table'>): string {
  const changed = changedOf({ changes, table });
  const name = table?.name ?? 'the environment';
  switch (kind) {
    case 'save':
    case 'copy':
    case 'apply':
    case 'retype':
      return changed === '' ? name : changed;
    case 'undo':
      return `Undo ${changed}`;
    case 'restore':
      return `Restore ${changed}`;
    case 'rename': {
      const to = changes[0]?.to;
      return typeof to === 'string' ? `Rename ${table ? `${name} ` : ''}to ${to}` : `Rename ${name}`;
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
