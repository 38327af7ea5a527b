import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from '../../json/json';
import type { ActivityEntry } from '../../posthog/models';
import { compareAnswer } from '../../settings/answer';
import { withoutAdded } from '../../settings/addedKeys';
import { mergedLevels, settingsField, type Generation } from '../../settings/catalogue';
import { settingsDocument } from '../../settings/document';
import { sameValue } from '../../settings/values';
import { differences, type Change } from '../changes';
import { whoOf } from './activityLog';
import { valueAt } from './entry';
import { sameAt } from './undo';

/** The server's state just before a write, and in its response to the write. */
export interface WriteWindow {
  readonly kind: 'settings' | 'table';
  readonly generation: Generation;
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** What was sent. */
  readonly sent: JsonObject;
  /** The time from the request for the state to the response to the write. */
  readonly elapsedMs: number;
}

/** A value that someone else changed between the two responses. */
export interface Meanwhile extends Change {
  /** Theirs is `from`, which the write replaced with `to`. Otherwise, theirs is `to`, and is still there. */
  readonly isReplaced: boolean;
  readonly who?: string | undefined;
}

/**
 * What someone else changed among the settings that weren't sent: it differs between the two responses, and stays. This
 * excludes what the server derives on its own: keys it adds, names it looks up, other spellings, and different kinds of
 * "no value".
 */
export function changedBeside({ kind, generation, before, after, sent }: WriteWindow): readonly Meanwhile[] {
  return Object.keys({ ...before, ...after }).flatMap((key) => {
    const [was, is] = [own(before, key), own(after, key)];
    const levels =
      kind === 'table' ? Number(key === 'columns') : mergedLevels(settingsField(key), generation);
    if (kind === 'settings' && sameValue(key, was, is)) {
      return [];
    }
    return differences([key], was, is)
      .filter(({ path }) => !isSent(path, sent, before, levels))
      .filter((change) => !isDerived(change))
      .map((change) => ({ ...change, isReplaced: false }));
  });
}

/** @param levels how many levels of the object the server merges, so that omitted keys stay */
function isSent(
  [key, ...rest]: Change['path'],
  sent: JsonObject,
  before: JsonObject,
  levels: number,
): boolean {
  const name = String(key);
  if (!Object.hasOwn(sent, name)) {
    return false;
  }
  const [part, was] = [sent[name], before[name]];
  return rest.length === 0 || levels === 0 || !isJsonObject(part) || !isJsonObject(was)
    ? true
    : isSent(rest, part, was, levels - 1);
}

function isDerived({ path, from, to }: Change): boolean {
  const [key, part] = path;
  const rule = settingsField(String(key))?.rule;
  return (
    (isNothing(from) && isNothing(to)) ||
    (rule?.type === 'object' && rule.kept?.includes(String(part)) === true) ||
    jsonEquals(withoutAdded(from), withoutAdded(to))
  );
}

const isNothing = (value: JsonValue | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0);

/**
 * What someone else set during the write and the write replaced, according to the server's own log: their entry is
 * between the last read and our entry, which has their value as its old one. Both times are the server's, so no two
 * clocks are compared. Without both entries, nothing is reported, because the log may spell a value differently.
 *
 * @param entries newest first
 */
export function replacedIn(
  { generation, before, after, sent, elapsedMs }: WriteWindow,
  entries: readonly ActivityEntry[],
): readonly Meanwhile[] {
  return Object.keys(sent).flatMap((key) => {
    const isTakenBy = (to: JsonValue | undefined, from: JsonValue | undefined): boolean =>
      compareAnswer({ [key]: sent[key] }, objectWith(key, to), generation, objectWith(key, from)).length ===
      0;
    const isConfirmed = isTakenBy(own(after, key), own(before, key));
    const logged = entries.flatMap((entry) => {
      const change = entry.changes.find(({ field }) => field === key);
      return change ? [{ entry, from: form(key, change.before), to: form(key, change.after) }] : [];
    });
    // A write without a response may be applied only after the check. Then it's the latest entry.
    const index = logged.findIndex(({ from, to }, position) =>
      isConfirmed ? sameAt([key], to, own(after, key)) : position === 0 && isTakenBy(to, from),
    );
    const [ours, theirs] = [logged[index], logged[index + 1]];
    if (
      !ours ||
      !theirs ||
      sameAt([key], own(before, key), ours.to) ||
      Date.parse(ours.entry.created_at) - Date.parse(theirs.entry.created_at) > elapsedMs ||
      !sameAt([key], theirs.to, ours.from) ||
      sameAt([key], ours.from, own(before, key))
    ) {
      return [];
    }
    const [found, left] = [{ [key]: ours.from }, { [key]: ours.to }];
    return differences([key], own(before, key), ours.from)
      .map(({ path }) => ({
        path,
        from: valueAt(found, path),
        to: valueAt(left, path),
        isReplaced: true,
        who: whoOf(theirs.entry),
      }))
      .filter((change) => !jsonEquals(change.from, change.to) && !isDerived(change));
  });
}

/** Adds who changed values that weren't sent, if the log says so. */
export const withNames = (
  changes: readonly Meanwhile[],
  entries: readonly ActivityEntry[],
): readonly Meanwhile[] =>
  changes.map((change) => {
    const { path, to } = change;
    const key = String(path[0]);
    const at = (value: JsonValue | undefined): JsonValue | undefined =>
      valueAt({ [key]: form(key, value) }, path);
    const theirs = entries.find(({ changes: logged }) =>
      logged.some(
        ({ field, before, after }) =>
          field === key && jsonEquals(at(after), to) && !jsonEquals(at(before), to),
      ),
    );
    return theirs ? { ...change, who: whoOf(theirs) } : change;
  });

const objectWith = (key: string, value: JsonValue | undefined): JsonObject =>
  value === undefined ? {} : { [key]: value };

/** A logged value in the form of a settings document. */
const form = (key: string, value: JsonValue | undefined): JsonValue | undefined =>
  settingsDocument({ [key]: value ?? null })[key];
