import { settingsFields, type Generation, type SettingsField } from './catalogue';
import { settingsDocument } from './document';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json';
import type { JsonPath } from '../json/parse';
import { pathName } from '../json/pathName';
import { isNothing, portablePart, targetOf, type Bound } from './portable';
import { breaches } from './ruleCheck';
import type { Target } from './rules';
import { keyOf } from './keys';

/** A value of the source that the copy doesn't get. */
export interface LeftOut {
  /** The key, or a path such as `test_account_filters[0]`. */
  readonly path: string;
  /** What the value points to, if that's why. */
  readonly pointsTo?: Target;
}

/** Settings for a new environment. */
export interface Duplicate {
  readonly document: JsonObject;
  /** Non-empty values of the source that are left out, in catalogue order. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * The document that creates a copy of an environment: without secrets, without what belongs to or points to the source,
 * and without what a new environment would reject.
 *
 * @param source the environment in PostHog's response
 * @param name the suggested name
 */
export function duplicateDocument(source: JsonObject, name: string, generation: Generation): Duplicate {
  const settings = settingsDocument(source);
  const document: JsonObject = { [keyOf.name]: name };
  const leftOut: LeftOut[] = [];
  for (const field of settingsFields) {
    const value = settings[field.key];
    if (value === undefined || !Object.hasOwn(settings, field.key) || field.neededOnCreation !== undefined) {
      continue;
    }
    if (field.staysBehind || field.notOnCreation !== undefined || field.removedIn === generation) {
      if (!isNothing(value)) {
        const pointsTo = targetOf(field.rule, value);
        leftOut.push({ path: field.key, ...(pointsTo && { pointsTo }) });
      }
      continue;
    }
    const bound: Bound[] = [];
    const portable = portablePart(field.rule, value, [field.key], bound, { wholeItems: false });
    const found = bound.map(({ path, pointsTo }): LeftOut => ({ path: pathName(path), pointsTo }));
    const copy = portable === undefined ? undefined : acceptable(field, portable, generation, found);
    leftOut.push(...found);
    // An emptied array would override the defaults of a new environment.
    const isEmptied = found.length > 0 && copy !== undefined && isNothing(copy);
    if (copy !== undefined && (copy !== null || field.nullable) && !isEmptied) {
      document[field.key] = copy;
    }
  }
  return { document, leftOut };
}

/** What was left out, in words: `primary_dashboard (dashboard), test_account_filters[0] (cohort)`. */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  const shown = leftOut.length > 9 ? leftOut.slice(0, 8) : leftOut;
  const texts = shown.map(({ path, pointsTo }) => (pointsTo ? `${path} (${pointsTo})` : path));
  const more = leftOut.length - shown.length;
  return texts.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const asList = (item: JsonValue | undefined): JsonValue[] => (item === undefined ? [] : [item]);

/** A value without what is certain to be rejected: a server doesn't always accept what it returns. */
function acceptable(
  field: SettingsField,
  value: JsonValue,
  generation: Generation,
  leftOut: LeftOut[],
): JsonValue | undefined {
  const refused =
    value === null
      ? undefined
      : breaches(field, value, undefined, { generation }).findLast(({ certain }) => certain);
  if (!refused) {
    return value;
  }
  const { path } = refused;
  const removed = at(value, path);
  if (removed !== null && removed !== undefined) {
    leftOut.push({ path: pathName([field.key, ...path]) });
  }
  // What is left may now lack a required part.
  const left = without(value, path);
  return left === undefined ? undefined : acceptable(field, left, generation, leftOut);
}

const at = (value: JsonValue, path: JsonPath): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>(
    (part, key) =>
      Array.isArray(part) && typeof key === 'number'
        ? part[key]
        : isJsonObject(part)
          ? part[String(key)]
          : undefined,
    value,
  );

function without(value: JsonValue, [key, ...rest]: JsonPath): JsonValue | undefined {
  if (key === undefined) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => asList(index === key ? without(item, rest) : item));
  }
  if (!isJsonObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const part = name === key && item !== undefined ? without(item, rest) : item;
      return part === undefined ? [] : [[name, part]];
    }),
  );
}
