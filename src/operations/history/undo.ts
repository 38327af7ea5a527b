import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../../json/json';
import type { Documents } from '../../json/merge/merge';
import type { MergePath } from '../../json/merge/path';
import type { EnvironmentRef } from '../../posthog/models';
import { mergedLevels, settingsField, type Generation } from '../../settings/catalogue';
import { isStoredAs } from '../../settings/storedForm';
import { sameValue } from '../../settings/values';
import { planSettingsChanges, planTableChanges, type ChangeSet } from '../changeSet';
import type { Change } from '../changes';
import { mergeDocument, resolve } from '../save/mergeDocument';
import { nothingAppliedToUndo } from '../phrases/history';
import { list } from '../phrases/sentences';
import { valueAt, withValue, type HistoryEntry } from './entry';

/** A value that is neither the result of the write nor the old one, because someone has changed it since. */
export interface UndoConflict {
  readonly path: MergePath;
  /** The value before the write, which would be restored. */
  readonly before: JsonValue | undefined;
  /** The value after the write. */
  readonly after: JsonValue | undefined;
  readonly now: JsonValue | undefined;
}

/** What undoing a write means for the server's current state. */
export type UndoPlan =
  /** Why it can't be undone. */
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'planned';
      /** Undoes everything that no one has changed since. Empty if everything is as before. */
      readonly set: ChangeSet;
      readonly conflicts: readonly UndoConflict[];
      /** Undoes everything, including what someone has changed since. */
      readonly whole: ChangeSet;
    };

/** What to undo, and what the server has. */
export interface UndoStates {
  readonly entry: Pick<HistoryEntry, 'kind' | 'changes' | 'table' | 'outcome'>;
  readonly environment: EnvironmentRef;
  readonly generation: Generation;
  /** The document of the environment or the table with the server's current values. */
  readonly current: JsonObject;
}

const withoutInverse: Partial<Record<HistoryEntry['kind'], string>> = {
  create: 'To remove a new environment, delete it.',
  delete: "PostHog can't restore what it has deleted.",
  link: 'To remove a linked table, delete it.',
  upload: "PostHog doesn't keep what an uploaded file replaces.",
  refresh: "A table's columns come from its files, so there are no others to return to.",
  credentials: 'Storage credentials are never recorded, so the old ones are unavailable.',
};

/** Why a write can't be undone, whatever the server's current state; `undefined` if it may be possible. */
export function whyNotUndoable({
  kind,
  changes,
  outcome,
}: Pick<HistoryEntry, 'kind' | 'changes' | 'outcome'>): string | undefined {
  const why = withoutInverse[kind];
  if (why !== undefined) {
    return why;
  }
  if (outcome === 'notApplied') {
    return nothingAppliedToUndo;
  }
  if (changes.length === 0) {
    return "It didn't change anything.";
  }
  const masked = changes.filter(({ isMasked }) => isMasked).map(nameOf);
  return masked.length === 0
    ? undefined
    : `${list(masked)} ${masked.length === 1 ? 'contains a secret' : 'contain secrets'}, and secrets are never recorded. Enter the old value in the settings.`;
}

/**
 * Plans how to undo a write: from the server's current state to the same state with the old values, except for values
 * that have changed since.
 */
export function planUndo({ entry, environment, generation, current }: UndoStates): UndoPlan {
  const why = whyNotUndoable(entry);
  if (why !== undefined) {
    return { kind: 'refused', why };
  }
  const gone = entry.table ? undefined : entry.changes.find((change) => !isWritable(change));
  if (gone) {
    return { kind: 'refused', why: `The setting ${nameOf(gone)} can't be changed here.` };
  }
  const kind = entry.table ? 'table' : 'settings';
  // Both sides start from the result of the write: this one goes back, and others may have changed more.
  const versions: Documents = {
    base: entry.changes.reduce((document, { path, to }) => withValue(document, path, to), current),
    mine: entry.changes.reduce((document, change) => putBack(document, change, generation), current),
    theirs: current,
  };
  const { conflicts } = mergeDocument(kind, versions);
  const setOf = (use: 'mine' | 'theirs'): ChangeSet => {
    const answers = conflicts.map(({ path }) => ({ path, use }));
    const { merged } = resolve({ kind, versions, conflicts }, answers);
    const states = { environment, generation, base: current, mine: merged };
    return entry.table ? planTableChanges(states, entry.table.id) : planSettingsChanges(states);
  };
  return {
    kind: 'planned',
    set: setOf('theirs'),
    conflicts: conflicts.map(({ path, base, mine, theirs }) => ({
      path,
      before: mine,
      after: base,
      now: theirs,
    })),
    whole: setOf('mine'),
  };
}

/** A document with the old value restored. Keys that PostHog merges are set to null, because omitting them keeps them. */
function putBack(document: JsonObject, { path, from }: Change, generation: Generation): JsonObject {
  const [key] = path;
  const field = settingsField(String(key));
  const isMerged = path.length === 1 || mergedLevels(field, generation) >= path.length - 1;
  const isThere = valueAt(document, path) !== undefined;
  return withValue(document, path, from === undefined && isMerged && isThere ? null : from);
}

/** Whether two values at a place are equivalent for PostHog. */
export function sameAt(
  path: Change['path'],
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): boolean {
  const [key] = path;
  if (jsonEquals(left ?? null, right ?? null)) {
    return true;
  }
  return path.length === 1 && typeof key === 'string' && !isJsonObject(left)
    ? sameValue(key, left, right) || isStoredAs(settingsField(key)?.rule, right, left)
    : false;
}

const isWritable = ({ path }: Change): boolean => settingsField(String(path[0]))?.access === 'writable';

const nameOf = ({ path }: Change): string => path.map(String).join('.');
