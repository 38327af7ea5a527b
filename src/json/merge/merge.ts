import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, own } from '../json';
import { mergeOrder } from './order';
import { type MergePath, samePath } from './path';
import type { MergeRule, Version, Versions } from './rule';

/** A place that both sides changed to different values. */
export interface Conflict extends Versions {
  readonly path: MergePath;
}

/** How a conflict is resolved: with one of the sides, or another value. */
export interface Answer {
  readonly path: MergePath;
  readonly use: 'mine' | 'theirs' | { readonly value: Version };
}

/** The result of a three-way merge. */
export interface Merge {
  /** The changes of both sides. For unresolved conflicts, mine. */
  readonly merged: JsonObject;
  readonly conflicts: readonly Conflict[];
  /** Changes that only they made, taken from their side. */
  readonly taken: readonly MergePath[];
}

/** Three versions of a document. */
export interface Documents extends Versions {
  readonly base: JsonObject;
  readonly mine: JsonObject;
  readonly theirs: JsonObject;
}

/** No one writes anything that is nested deeper. If it is, it's treated as a single value. */
const maxDepth = 200;
/** The keys that identify items if no rule says which. */
const usualIdentity = ['id', 'key', 'alias', 'url', 'name'];

/** A merge in progress: what it found so far. */
interface Run {
  readonly conflicts: Conflict[];
  readonly taken: MergePath[];
  readonly answers: readonly Answer[];
}

/**
 * Merges what both sides have changed since the base. Changes to different places of objects merge automatically. So do
 * sets, and array items that have an identifying value if both sides allow only one order. If both sides changed the
 * same place to different values, or together removed everything that either kept, it's a conflict.
 *
 * @param rule what is known about the document
 * @param answers how to resolve conflicts; those that no longer exist are ignored
 */
export function merge(documents: Documents, rule: MergeRule = {}, answers: readonly Answer[] = []): Merge {
  const run: Run = { conflicts: [], taken: [], answers };
  const { base, mine, theirs } = documents;
  const merged = mergeObjects({ base, mine, theirs }, rule, [], run);
  return { merged, conflicts: run.conflicts, taken: run.taken };
}

/** Whether two values at a place are equivalent. */
const sameBy = (rule: MergeRule, left: Version, right: Version): boolean =>
  jsonEquals(left, right) || (rule.same?.(left, right) ?? false);

function mergeAt(versions: Versions, rule: MergeRule, path: MergePath, run: Run): Version {
  const { base, theirs } = versions;
  const mine = rule.serverOnly && versions.mine === undefined ? base : versions.mine;
  if (sameBy(rule, theirs, base)) {
    return mine;
  }
  if (sameBy(rule, mine, base) || rule.serverOnly) {
    addTaken({ base, theirs }, rule, path, run);
    return theirs;
  }
  if (sameBy(rule, mine, theirs) || rule.becomes?.(mine, theirs, base)) {
    return theirs;
  }
  if (rule.becomes?.(theirs, mine, base)) {
    return mine;
  }
  if (!rule.whole && path.length < maxDepth) {
    if (isJsonObject(mine) && isJsonObject(theirs)) {
      return mergeObjects({ base: isJsonObject(base) ? base : {}, mine, theirs }, rule, path, run);
    }
    if (Array.isArray(mine) && Array.isArray(theirs)) {
      const arrays = { base: Array.isArray(base) ? base : [], mine, theirs };
      const inner: Run = { conflicts: [], taken: [], answers: run.answers };
      const merged = mergeArrays(arrays, rule, path, inner);
      const isWanted = inner.conflicts.length > 0 || [mine, theirs].some(saysNothing);
      if (merged && (isWanted || !saysNothing(merged))) {
        run.conflicts.push(...inner.conflicts);
        run.taken.push(...inner.taken);
        return merged;
      }
    }
  }
  const answer = run.answers.find((one) => samePath(one.path, path))?.use;
  if (answer === undefined) {
    run.conflicts.push({ path, base, mine, theirs });
    return mine;
  }
  return answer === 'mine' ? mine : answer === 'theirs' ? theirs : answer.value;
}

/**
 * Whether an array has no items, or only ones that PostHog may drop. If both sides removed items and only the two
 * removals together leave none, no one wanted that, and it often means the opposite of a short array: an allow-list
 * without items allows everything.
 */
const saysNothing = (items: readonly JsonValue[]): boolean =>
  items.every((item) => item === null || (typeof item === 'string' && item.trim() === ''));

function mergeObjects(
  { base, mine, theirs }: Documents,
  rule: MergeRule,
  path: MergePath,
  run: Run,
): JsonObject {
  const merged: [string, JsonValue][] = [];
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs), ...Object.keys(base)])) {
    const versions = { base: own(base, key), mine: own(mine, key), theirs: own(theirs, key) };
    const value = mergeAt(versions, rule.at?.(key) ?? {}, [...path, key], run);
    if (value !== undefined) {
      merged.push([key, value]);
    }
  }
  // Not by assignment: a key may be named __proto__.
  return Object.fromEntries(merged);
}

/** Collects the places that they changed, as deep as objects go. */
function addTaken(
  { base, theirs }: Omit<Versions, 'mine'>,
  rule: MergeRule,
  path: MergePath,
  run: Run,
): void {
  if (rule.whole || path.length >= maxDepth || !isJsonObject(base) || !isJsonObject(theirs)) {
    run.taken.push(path);
    return;
  }
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(base)])) {
    const versions = { base: own(base, key), theirs: own(theirs, key) };
    const part = rule.at?.(key) ?? {};
    if (!sameBy(part, versions.base, versions.theirs)) {
      addTaken(versions, part, [...path, key], run);
    }
  }
}

type Arrays = Readonly<Record<keyof Versions, readonly JsonValue[]>>;

/** The items of both sides; undefined if more than one result would be right. Then, what it found is void. */
function mergeArrays(arrays: Arrays, rule: MergeRule, path: MergePath, run: Run): JsonValue[] | undefined {
  for (const identity of rule.identity ?? usualIdentity) {
    const [base, mine, theirs] = [arrays.base, arrays.mine, arrays.theirs].map((one) =>
      byText(one, identity),
    );
    if (base && mine && theirs) {
      return mergeItems({ base, mine, theirs }, identity, rule, path, run);
    }
  }
  const all = [...arrays.base, ...arrays.mine, ...arrays.theirs];
  return rule.anyOrder && !all.some((item) => isJsonObject(item) || Array.isArray(item))
    ? mergeSets(arrays, rule, path, run)
    : undefined;
}

type ByText = ReadonlyMap<string, JsonObject>;

/** The items by an identifying key; undefined unless all have it, each with a different value. */
function byText(items: readonly JsonValue[], key: string): ByText | undefined {
  const found = new Map<string, JsonObject>();
  for (const item of items) {
    const value = isJsonObject(item) ? own(item, key) : undefined;
    if (
      !isJsonObject(item) ||
      value === undefined ||
      value === null ||
      isJsonObject(value) ||
      Array.isArray(value) ||
      found.size === found.set(textOf(value), item).size
    ) {
      return undefined;
    }
  }
  return found;
}

/** A text that is unique to this scalar. */
const textOf = (value: JsonValue): string =>
  typeof value === 'string' ? `"${value}` : JSON.stringify(value);

function mergeItems(
  { base, mine, theirs }: Readonly<Record<keyof Versions, ByText>>,
  identity: string,
  rule: MergeRule,
  path: MergePath,
  run: Run,
): JsonValue[] | undefined {
  const merged = new Map<string, JsonValue>();
  /** Items that one side removed and the other changed: either may be wanted, so both must have a position. */
  const contested = new Set<string>();
  for (const text of new Set([...mine.keys(), ...theirs.keys(), ...base.keys()])) {
    const versions = { base: base.get(text), mine: mine.get(text), theirs: theirs.get(text) };
    const is = own(versions.mine ?? versions.theirs ?? versions.base ?? {}, identity);
    if (is !== undefined) {
      const before = run.conflicts.length;
      const value = mergeAt(versions, rule.items ?? {}, [...path, { key: identity, is }], run);
      if (run.conflicts.length > before) {
        contested.add(text);
      }
      if (value !== undefined) {
        merged.set(text, value);
      }
    }
  }
  const orders = { base: [...base.keys()], mine: [...mine.keys()], theirs: [...theirs.keys()] };
  const stays = (text: string): boolean => merged.has(text) || contested.has(text);
  const order = mergeOrder(orders, stays, rule.anyOrder === true);
  if (!order) {
    return undefined;
  }
  return order.flatMap((text) => {
    const value = merged.get(text);
    return value === undefined ? [] : [value];
  });
}

/** The items that either side added, without those that either removed: first theirs, then my additions. */
function mergeSets(
  { base, mine, theirs }: Arrays,
  { itemForm = (item) => item }: MergeRule,
  path: MergePath,
  run: Run,
): JsonValue[] {
  const asSet = (items: readonly JsonValue[]): ReadonlyMap<string, JsonValue> =>
    new Map(items.map((item) => [JSON.stringify(itemForm(item)), item]));
  const [were, my, their] = [asSet(base), asSet(mine), asSet(theirs)];
  const [myItems, theirItems] = [[...my], [...their]];
  if (theirItems.some(([text]) => !were.has(text)) || [...were.keys()].some((text) => !their.has(text))) {
    run.taken.push(path);
  }
  return [
    ...theirItems.filter(([text]) => my.has(text) || !were.has(text)),
    ...myItems.filter(([text]) => !their.has(text) && !were.has(text)),
  ].map(([, item]) => item);
}
