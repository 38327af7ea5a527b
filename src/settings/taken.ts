import {
  isJsonObject,
  jsonEquals,
  readNumber,
  type JsonObject,
  type JsonValue,
  objectOf,
  own,
} from '../json/json';
import type { FieldRule } from './rules';
import { decimalValue, timeOfDay } from './values';

/** How to look for a wanted value in the server's response. */
interface Look {
  readonly rule?: FieldRule | undefined;
  /** The value before the change. Whatever the wanted value leaves out must be gone. */
  readonly before?: JsonValue | undefined;
  /** How many levels of the object the server merges, so that a key that is left out stays. */
  readonly merges?: number;
  /**
   * Nothing of the value was sent, so any difference is someone else's change: only forms that the server is known to
   * produce count. Otherwise, a key that someone added would become part of the user's own value, and the next save
   * would remove it.
   */
  readonly unsent?: boolean;
}

interface Search extends Look {
  /**
   * The server's value changed, so it accepted something and the differences are its own. If not, only known
   * normalizations count: the server may just as well have ignored the change.
   */
  readonly moved: boolean;
}

/**
 * Whether the server has the wanted value in its own form: it trims strings, drops empty and duplicate items, turns ""
 * into null, writes decimals as strings and tags in lowercase, and adds keys (API facts 4.5, 9.1). Only a value that
 * isn't there was rejected.
 */
export function isTaken(
  wanted: JsonValue | undefined,
  answered: JsonValue | undefined,
  look: Look = {},
): boolean {
  return (
    jsonEquals(wanted, answered) ||
    isThere(wanted, answered, { ...look, moved: !look.unsent && !jsonEquals(answered, look.before) })
  );
}

function isThere(wanted: JsonValue | undefined, answered: JsonValue | undefined, search: Search): boolean {
  if (isNothing(wanted)) {
    const { rule, moved } = search;
    const isChoice = rule?.type === 'string' && rule.values?.includes('');
    const isFalse = rule?.type === 'boolean' && rule.nullIsFalse === true && answered === false;
    return isFalse || (isNothing(answered) && (moved || !isChoice));
  }
  if (Array.isArray(wanted)) {
    return Array.isArray(answered) && listIsThere(wanted, answered, search);
  }
  if (isJsonObject(wanted)) {
    return isJsonObject(answered) && objectIsThere(wanted, answered, search);
  }
  return jsonEquals(wanted, answered) || scalarIsThere(wanted, answered, search);
}

/** Absent, null, or a blank string. */
const isNothing = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** An object that says nothing, at any depth. */
const isEmpty = (value: JsonValue): boolean =>
  isJsonObject(value) &&
  Object.values(value).every((part) => isNothing(part) || (part !== undefined && isEmpty(part)));

function scalarIsThere(
  wanted: JsonValue | undefined,
  answered: JsonValue | undefined,
  { rule, moved }: Search,
): boolean {
  if (typeof wanted === 'string' && typeof answered === 'string') {
    const trimmed = wanted.trim();
    if (trimmed === answered) {
      return true;
    }
    if (rule?.type === 'time') {
      return timeOfDay(wanted) !== undefined && timeOfDay(wanted) === timeOfDay(answered);
    }
    const lowerCase = moved || (rule?.type === 'string' && rule.lowerCase === true);
    if (lowerCase && trimmed.toLowerCase() === answered) {
      return true;
    }
  }
  if (rule?.type === 'id') {
    return jsonEquals(idOf(wanted), idOf(answered));
  }
  const [left, right] = [decimalValue(wanted), decimalValue(answered)];
  const isDecimal = rule?.type === 'decimal' || (moved && typeof wanted !== typeof answered);
  return isDecimal && left !== undefined && left === right;
}

/** An ID, written as a number or a string. */
const idOf = (id: JsonValue | undefined): JsonValue | undefined =>
  typeof id === 'string' ? readNumber(id.trim()) : id;

/** Every item in order, except empty and duplicate ones. */
function listIsThere(
  wanted: readonly JsonValue[],
  answered: readonly JsonValue[],
  { rule, moved, unsent = false }: Search,
): boolean {
  const list = rule?.type === 'array' ? rule : undefined;
  const search: Search = { rule: list?.items, moved, unsent, before: undefined };
  const matches = (item: JsonValue, one: JsonValue | undefined): boolean =>
    one !== undefined && (jsonEquals(item, one) || isThere(item, one, search));
  if (list?.unordered) {
    const open = [...answered];
    for (const item of wanted) {
      const index = open.findIndex((one) => matches(item, one));
      if (index >= 0) {
        open.splice(index, 1);
      } else if (!isNothing(item) && !answered.some((one) => matches(item, one))) {
        return false;
      }
    }
    return open.length === 0;
  }
  let found = 0;
  for (const item of wanted) {
    if (matches(item, answered[found])) {
      found += 1;
    } else if (!isNothing(item) && !answered.slice(0, found).some((one) => matches(item, one))) {
      return false;
    }
  }
  return found === answered.length;
}

function objectIsThere(wanted: JsonObject, answered: JsonObject, search: Search): boolean {
  const { rule, before, merges = 0, moved, unsent = false } = search;
  const keys = rule?.type === 'object' ? rule.keys : undefined;
  const kept = rule?.type === 'object' ? (rule.kept ?? []) : [];
  const adds = rule?.type === 'object' ? (rule.adds ?? []) : [];
  const dropsEmpty = rule?.type === 'object' && rule.dropsEmpty === true;
  const isFine = (key: string): boolean => {
    const was = own(objectOf(before), key);
    return (
      kept.includes(key) ||
      adds.includes(key) ||
      // The previous state of an array item is unknown. If nothing moved, its other keys are the old ones.
      (was === undefined
        ? moved || (before !== undefined && !unsent) || isNothing(answered[key])
        : isNothing(answered[key]))
    );
  };
  return (
    Object.entries(wanted).every(
      ([key, value]) =>
        value === undefined ||
        kept.includes(key) ||
        (dropsEmpty && isEmpty(value) && own(answered, key) === undefined) ||
        isThere(value, own(answered, key), {
          rule: keys && Object.hasOwn(keys, key) ? keys[key] : undefined,
          before: own(objectOf(before), key),
          merges: Math.max(merges - 1, 0),
          moved,
          unsent,
        }),
    ) &&
    (merges > 0 || Object.keys(answered).every((key) => Object.hasOwn(wanted, key) || isFine(key)))
  );
}
