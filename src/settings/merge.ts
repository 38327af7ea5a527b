import { mergedLevels, settingsField } from './catalogue';
import { isJsonObject, type JsonObject, type JsonValue, own } from '../json/json';
import { nullRemoves, ruleOfKey } from './rules';
import { sameValue } from './values';

/** The result of a three-way merge. */
export interface Merge {
  /** Every change of both sides. In a conflict, mine. */
  readonly merged: JsonObject;
  /** What both sides changed differently: top-level keys, or `key.subKey` in objects that merge by part. */
  readonly conflicts: readonly string[];
}

/**
 * Whether the keys of an object merge one by one: objects that PostHog merges, and a table's columns. Any other object
 * is a single value, because its parts may only make sense together.
 */
function mergesInParts(path: readonly string[]): boolean {
  const [key = '', subKey] = path;
  const field = settingsField(key);
  const levels = mergedLevels(field, 'current');
  if (subKey === undefined) {
    return key === 'columns' || levels > 0;
  }
  return path.length === 2 && (levels > 1 || nullRemoves(ruleOfKey(field?.rule, subKey)));
}

/**
 * Merges the changes of both sides since the base, key by key, and within objects that merge by part. A key that one
 * side removed and the other left alone is removed.
 *
 * @param base the server's document when it was opened
 * @param mine the editor's content
 * @param theirs the server's current document
 */
export function threeWay(base: JsonObject, mine: JsonObject, theirs: JsonObject): Merge {
  return mergeObjects(base, mine, theirs, []);
}

function mergeObjects(
  base: JsonObject,
  mine: JsonObject,
  theirs: JsonObject,
  parent: readonly string[],
): Merge {
  const conflicts: string[] = [];
  const merged: JsonObject = {};
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const same = (left: JsonValue | undefined, right: JsonValue | undefined): boolean =>
      sameValue(parent.length === 0 ? key : '', left, right);
    const [was, left, right] = [own(base, key), own(mine, key), own(theirs, key)];
    const path = [...parent, key];
    let value = left;
    if (same(was, left) && !same(was, right)) {
      value = right;
    } else if (!same(was, left) && !same(was, right) && !same(left, right)) {
      if (isJsonObject(left) && isJsonObject(right) && mergesInParts(path)) {
        const parts = mergeObjects(isJsonObject(was) ? was : {}, left, right, path);
        value = parts.merged;
        conflicts.push(...parts.conflicts);
      } else {
        conflicts.push(path.join('.'));
      }
    }
    if (value !== undefined) {
      merged[key] = value;
    }
  }
  return { merged, conflicts };
}
