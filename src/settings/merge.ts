import { settingsField } from './catalogue';
import { isJsonObject, type JsonObject, type JsonValue } from './json';
import { own, sameValue } from './values';

/** Two changed documents in one. */
export interface Merge {
  /** Every change of both; where both changed the same value differently, mine. */
  readonly merged: JsonObject;
  /** What both changed differently: top-level keys, or `key.subKey` inside objects that PostHog merges. */
  readonly conflicts: readonly string[];
}

const mergesInParts = (key: string): boolean => settingsField(key)?.patchMode('current') === 'merge';

/**
 * Merges what the person and somebody else changed since the base, key by key, and sub-key by sub-key in objects
 * that PostHog merges. A key that one side removed and the other left alone is removed.
 *
 * @param base what the server said when the document was opened
 * @param mine the editor's content
 * @param theirs what the server says now
 */
export function threeWay(base: JsonObject, mine: JsonObject, theirs: JsonObject): Merge {
  return mergeObjects(base, mine, theirs, '');
}

function mergeObjects(base: JsonObject, mine: JsonObject, theirs: JsonObject, prefix: string): Merge {
  const conflicts: string[] = [];
  const merged: JsonObject = {};
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const same = (left: JsonValue | undefined, right: JsonValue | undefined): boolean =>
      sameValue(prefix === '' ? key : '', left, right);
    const [was, left, right] = [own(base, key), own(mine, key), own(theirs, key)];
    let value = left;
    if (same(was, left) && !same(was, right)) {
      value = right;
    } else if (!same(was, left) && !same(was, right) && !same(left, right)) {
      if (prefix === '' && mergesInParts(key) && [was, left, right].every(isJsonObject)) {
        const parts = mergeObjects(was as JsonObject, left as JsonObject, right as JsonObject, `${key}.`);
        value = parts.merged;
        conflicts.push(...parts.conflicts);
      } else {
        conflicts.push(prefix + key);
      }
    }
    if (value !== undefined) {
      merged[key] = value;
    }
  }
  return { merged, conflicts };
}
