import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, objectOf, own } from '../../json/json';
import type { Answer, Conflict, Documents, Merge } from '../../json/merge/merge';
import { samePath } from '../../json/merge/path';
import type { JsonPath } from '../../json/parse';
import type { ValueOutcome } from '../../settings/answer';
import { mergeSettings } from '../../settings/merge';
import { isTaken } from '../../settings/taken';
import { sameValue } from '../../settings/values';
import { mergeTable } from '../../warehouse/mergeTable';

/** What a document describes. */
export type DocumentKind = 'settings' | 'table';

/** Three versions of a document that can't be merged without the user's decisions. */
export interface Unmerged {
  readonly kind: DocumentKind;
  readonly versions: Documents;
  readonly conflicts: readonly Conflict[];
}

/** Merges what both sides have changed in a document. */
export const mergeDocument = (kind: DocumentKind, versions: Documents): Merge =>
  kind === 'table' ? mergeTable(versions) : mergeSettings(versions);

/** Merges again with the user's decisions. Only conflicts without one remain. */
export const resolve = ({ kind, versions }: Unmerged, answers: readonly Answer[]): Merge =>
  kind === 'table' ? mergeTable(versions, answers) : mergeSettings(versions, answers);

/** A conflict that the user decided with their own value, having seen the other side's. */
export type Decided = Pick<Conflict, 'path' | 'theirs'>;

/** Whether the user has decided a conflict. If theirs has changed since, the decision no longer counts. */
export const isDecided = ({ path, theirs }: Conflict, decided: readonly Decided[]): boolean =>
  decided.some((one) => samePath(one.path, path) && jsonEquals(one.theirs, theirs));

/** Merges, using mine wherever the user decided so. */
export function mergeDecided(kind: DocumentKind, versions: Documents, decided: readonly Decided[]): Merge {
  const first = mergeDocument(kind, versions);
  const answers = first.conflicts
    .filter((one) => isDecided(one, decided))
    .map(({ path }): Answer => ({ path, use: 'mine' }));
  return answers.length === 0 ? first : resolve({ kind, versions, conflicts: first.conflicts }, answers);
}

/** The wanted document. A key that is left out keeps its value, whoever set it. */
export const wantedOf = (base: JsonObject, mine: JsonObject): JsonObject => ({ ...base, ...mine });

/** Whether the user changed a value, rather than only someone else. */
export function isOwn({ base, mine }: Pick<Documents, 'base' | 'mine'>, path: JsonPath): boolean {
  const [was, is] = [valueAt(base, path), valueAt(mine, path)];
  const [key] = path;
  return !(path.length === 1 && typeof key === 'string' ? sameValue(key, was, is) : jsonEquals(was, is));
}

/** What was wanted, and its outcome. */
export interface Merged extends Pick<Documents, 'base' | 'mine'> {
  readonly merged: JsonObject;
}

/**
 * A copy of `start` with the server's values for every change of the user's that the server was seen to have. What was
 * merged in from the other side isn't in the user's text yet: if it were in the base, the next save would treat its
 * absence as a change.
 *
 * @param start the base, for comparing the next save; or the user's version, for what is typed in the meantime
 * @param outcomes the outcome of each of the user's changes
 */
export function confirmedIn(
  start: JsonObject,
  { base, mine, merged }: Merged,
  outcomes: readonly ValueOutcome[],
): JsonObject {
  return outcomes.reduce((result, { path, answered, became }) => {
    if (became === 'missing') {
      return result;
    }
    const [own, wanted] = [valueAt(mine, path), valueAt(merged, path)];
    const value =
      jsonEquals(own, wanted) || isTaken(own, wanted, { unsent: true })
        ? answered
        : confirmedPart(valueAt(result, path), valueAt(base, path), own, answered);
    return withValue(result, path, value);
  }, start);
}

/**
 * Like {@link confirmedIn}, for a value that both sides changed. In an array, there's no telling whose item is whose.
 */
function confirmedPart(
  start: JsonValue | undefined,
  base: JsonValue | undefined,
  mine: JsonValue | undefined,
  now: JsonValue | undefined,
): JsonValue | undefined {
  if (jsonEquals(base, mine)) {
    return start;
  }
  if (isTaken(mine, now, { before: base, unsent: true })) {
    return now;
  }
  if (!isJsonObject(mine) || !isJsonObject(now)) {
    return start;
  }
  const [from, was] = [objectOf(start), objectOf(base)];
  const keys = new Set([...Object.keys(from), ...Object.keys(was), ...Object.keys(mine)]);
  return Object.fromEntries(
    [...keys].flatMap((key) => {
      const value = confirmedPart(own(from, key), own(was, key), own(mine, key), own(now, key));
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** The value at keys of a document. */
export function valueAt(document: JsonObject, path: JsonPath): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, key) => own(objectOf(value), String(key)), document);
}

/** A copy of a document with another value at a place; `undefined` removes the key. */
export function withValue(
  object: JsonObject,
  [key, ...rest]: JsonPath,
  value: JsonValue | undefined,
): JsonObject {
  if (key === undefined) {
    return object;
  }
  const entries = new Map(Object.entries(object));
  const name = String(key);
  const part = rest.length === 0 ? value : withValue(objectOf(own(object, name)), rest, value);
  if (part === undefined) {
    entries.delete(name);
  } else {
    entries.set(name, part);
  }
  return Object.fromEntries(entries);
}
