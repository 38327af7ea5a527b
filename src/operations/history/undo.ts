import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../../json/json';
import type { EnvironmentRef } from '../../posthog/models';
import { mergedLevels, settingsField, type Generation } from '../../settings/catalogue';
import { isTaken } from '../../settings/taken';
import { sameValue } from '../../settings/values';
import { planSettingsChanges, planTableChanges, type ChangeSet } from '../changeSet';
import type { Change } from '../changes';
import { list } from '../phrases';
import { valueAt, withValue, type HistoryEntry, type RecordedChange } from './entry';

/** A value that is neither what the write made of it, nor what it was before: somebody has changed it since. */
export interface UndoConflict {
  readonly path: Change['path'];
  /** What it was before the write, and would be again. */
  readonly before: JsonValue | undefined;
  /** What the write made of it. */
  readonly after: JsonValue | undefined;
  readonly now: JsonValue | undefined;
}

/** What taking back a write means for what the server has now. */
export type UndoPlan =
  /** There is nothing to take back, and why. */
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'planned';
      /** What takes back everything that nobody has changed since. Without changes: it is all as it was. */
      readonly set: ChangeSet;
      readonly conflicts: readonly UndoConflict[];
      /** What takes back all of it, what somebody has changed since included. */
      readonly whole: ChangeSet;
    };

/** What is taken back, and what the server has. */
export interface UndoStates {
  readonly entry: Pick<HistoryEntry, 'kind' | 'changes' | 'table' | 'outcome'>;
  readonly environment: EnvironmentRef;
  readonly generation: Generation;
  /** The document of the environment or the table, as the server has it now. */
  readonly current: JsonObject;
}

const withoutInverse: Partial<Record<HistoryEntry['kind'], string>> = {
  create: 'An environment that was created is not taken back: delete it, if nobody needs it.',
  delete: 'What PostHog has deleted does not come back.',
  link: 'A linked table is not taken back: delete it, if nobody needs it.',
  upload: 'PostHog does not keep what an uploaded file has replaced.',
  refresh: 'Reading the files of a table again has no inverse.',
  credentials: 'Storage credentials are never kept, so that the old ones cannot be put back.',
};

/** Why a write cannot be taken back, whatever the server has; `undefined`: it can be planned. */
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
    return 'PostHog has not applied this change, so there is nothing to undo.';
  }
  if (changes.length === 0) {
    return 'There is nothing to undo in it.';
  }
  const masked = changes.filter(({ isMasked }) => isMasked).map(nameOf);
  return masked.length === 0
    ? undefined
    : `${list(masked)} ${masked.length === 1 ? 'holds a secret' : 'hold secrets'}, and secrets are never kept: enter the old value in the settings.`;
}

/**
 * Plans what takes back a write: from the server's present state to the same with the values of before, where they are
 * still those that the write has made.
 */
export function planUndo({ entry, environment, generation, current }: UndoStates): UndoPlan {
  const why = whyNotUndoable(entry);
  if (why !== undefined) {
    return { kind: 'refused', why };
  }
  const gone = entry.table ? undefined : entry.changes.find((change) => !isWritable(change));
  if (gone) {
    return { kind: 'refused', why: `${nameOf(gone)} is not a setting that can be changed here.` };
  }
  const open: RecordedChange[] = [];
  const conflicts: UndoConflict[] = [];
  for (const change of entry.changes) {
    const now = valueAt(current, change.path);
    if (jsonEquals(now, change.to) && !jsonEquals(now, change.from)) {
      open.push(change);
    } else if (sameAt(change.path, now, change.from)) {
      continue;
    } else if (sameAt(change.path, now, change.to)) {
      open.push(change);
    } else {
      conflicts.push({ path: change.path, before: change.from, after: change.to, now });
    }
  }
  const setOf = (changes: readonly Change[]): ChangeSet => {
    const mine = changes.reduce((document, change) => putBack(document, change, generation), current);
    const states = { environment, generation, base: current, mine };
    return entry.table ? planTableChanges(states, entry.table.id) : planSettingsChanges(states);
  };
  const all = [...open, ...conflicts.map(({ path, before, now }) => ({ path, from: before, to: now }))];
  return { kind: 'planned', set: setOf(open), conflicts, whole: setOf(all) };
}

/** A document with the value of before at its place. What PostHog merges is cleared with null, as leaving it out keeps it. */
function putBack(document: JsonObject, { path, from }: Change, generation: Generation): JsonObject {
  const [key] = path;
  const field = settingsField(String(key));
  const isMerged = path.length > 1 && mergedLevels(field, generation) >= path.length - 1;
  return withValue(document, path, from === undefined && (isMerged || path.length === 1) ? null : from);
}

/** Whether two values of one place mean the same to PostHog. */
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
    ? sameValue(key, left, right) ||
        isTaken(right, left, { rule: settingsField(key)?.rule, before: right, unsent: true })
    : false;
}

const isWritable = ({ path }: Change): boolean => settingsField(String(path[0]))?.access === 'writable';

const nameOf = ({ path }: Change): string => path.map(String).join('.');
