import type { Generation, SettingsField } from './catalogue';
import {
  isBigNumber,
  isJsonObject,
  jsonEquals,
  type JsonObject,
  type JsonValue,
  objectOf,
  own,
} from '../json/json';
import type { JsonPath } from '../json/parse';
import type { DecimalRule, FieldRule, IntegerRule, ListRule, ObjectRule, TextRule, UnionRule } from './rules';
import { namesText } from '../json/namesText';
import { decimalValue, timeOfDay } from './values';

/** A value that breaks a rule. `path` is relative to the field. */
export interface Breach {
  readonly path: JsonPath;
  readonly code: string;
  readonly message: string;
  /** PostHog certainly rejects it. Otherwise, it depends on the server's version. */
  readonly certain: boolean;
}

interface RuleContext {
  readonly generation: Generation;
  readonly timezones?: ReadonlySet<string> | undefined;
}

/** The position of a check: the name for messages, the path, and whether every rule above is enforced. */
interface Spot extends RuleContext {
  readonly name: string;
  readonly path: JsonPath;
  readonly certain: boolean;
}

/**
 * How a value breaks its field's rule. Parts that the server returned are skipped, so nothing a newer server stores is
 * reported.
 *
 * @param before the value as last confirmed by the server
 */
export function breaches(
  { key, rule, nullable }: SettingsField,
  value: JsonValue,
  before: JsonValue | undefined,
  { generation, timezones }: RuleContext,
): Breach[] {
  const spot: Spot = { name: key, path: [], certain: true, generation, timezones };
  if (value !== null) {
    return check(rule, value, before, spot);
  }
  return nullable ? [] : [breach(spot, 'null', nullMessage(key, rule))];
}

const breach = ({ path, certain }: Spot, code: string, message: string, isCertain = certain): Breach => ({
  path,
  code,
  message,
  certain: isCertain,
});

const nullMessage = (key: string, rule: FieldRule): string =>
  rule.type === 'array'
    ? `"${key}" can't be null. Use [] for an empty array.`
    : rule.type === 'object'
      ? `"${key}" can't be null. Change its keys instead.`
      : `"${key}" can't be null. Use ${expected(rule)}.`;

/** The allowed values; numbers with their meaning. */
function choice({ values = [], meanings = {} }: Pick<TextRule | IntegerRule, 'values' | 'meanings'>): string {
  if (values.length > 12) {
    return `one of ${values.length} values (Trigger Suggest lists them)`;
  }
  const named = values.map((value) => {
    const meaning = typeof value === 'number' ? meanings[String(value)] : undefined;
    return meaning === undefined ? JSON.stringify(value) : `${value} (${meaning})`;
  });
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} or ${named.at(-1) ?? ''}`;
}

function range({ min, max }: { readonly min?: number; readonly max?: number }): string {
  return min === undefined || max === undefined ? '' : ` from ${min} to ${max}`;
}

/** What a rule expects, to follow "must be" or "use". */
export function expected(rule: FieldRule): string {
  switch (rule.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return rule.values ? choice(rule) : `${rule.fractions ? 'a number' : 'an integer'}${range(rule)}`;
    case 'decimal':
      return `a number${range(rule)} with up to two decimal places`;
    case 'string':
      return rule.values ? choice(rule) : 'a string';
    case 'time':
      return 'a time of day such as "02:00:00" (UTC)';
    case 'timezone':
      return 'a time zone name such as "Europe/Berlin"';
    case 'array':
      return 'an array';
    case 'object':
      return 'an object';
    case 'id':
      return 'an integer';
    case 'union':
      return rule.wanted;
    case 'any':
      return 'any value';
  }
}

function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) {
    return 'an array';
  }
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'number':
      return Number.isInteger(value) ? 'a number' : 'a decimal number';
    case 'boolean':
      return String(value);
    default:
      return value === null ? 'null' : 'an object';
  }
}

function wrongType(spot: Spot, rule: FieldRule, value: JsonValue): Breach[] {
  const unquoted =
    typeof value === 'string' &&
    ((rule.type === 'boolean' && /^(true|false)$/i.test(value)) ||
      (rule.type === 'integer' && /^-?\d+$/.test(value)));
  const remedy = unquoted ? ` Remove the quotes.` : '';
  return [breach(spot, 'type', `"${spot.name}" must be ${expected(rule)}, not ${kindOf(value)}.${remedy}`)];
}

function check(rule: FieldRule, value: JsonValue, before: JsonValue | undefined, at: Spot): Breach[] {
  if (jsonEquals(value, before)) {
    return [];
  }
  if (isBigNumber(value)) {
    return check(rule, Number(value.rawJSON), undefined, at);
  }
  const isDoubtful = rule.expected === true || (rule.since === 'current' && at.generation !== 'current');
  const spot: Spot = isDoubtful ? { ...at, certain: false } : at;
  switch (rule.type) {
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrongType(spot, rule, value);
    case 'integer':
      return typeof value === 'number' && (rule.fractions || Number.isInteger(value))
        ? integerBreaches(rule, value, spot)
        : wrongType(spot, rule, value);
    case 'decimal':
      return decimalBreaches(rule, value, spot);
    case 'string':
      return typeof value === 'string' ? textBreaches(rule, value, spot) : wrongType(spot, rule, value);
    case 'time':
      return timeOfDay(value) === undefined ? wrongType(spot, rule, value) : [];
    case 'timezone':
      return typeof value === 'string' ? timezoneBreaches(value, spot) : wrongType(spot, rule, value);
    case 'array':
      return Array.isArray(value) ? listBreaches(rule, value, before, spot) : wrongType(spot, rule, value);
    case 'object':
      return isJsonObject(value)
        ? objectBreaches(rule, value, objectOf(before), spot)
        : wrongType(spot, rule, value);
    case 'id':
      return Number.isInteger(value) || (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value))
        ? []
        : wrongType(spot, rule, value);
    case 'union':
      return unionBreaches(rule, value, before, spot);
    case 'any':
      return [];
  }
}

/** A value that fits none of the kinds is reported against the one it looks like: the object or the array. */
function unionBreaches(
  rule: UnionRule,
  value: JsonValue,
  before: JsonValue | undefined,
  spot: Spot,
): Breach[] {
  const tries = rule.of.map((one) => ({ one, found: check(one, value, before, spot) }));
  if (tries.some(({ found }) => found.length === 0)) {
    return [];
  }
  const meant = tries.find(
    ({ one }) =>
      (one.type === 'object' && isJsonObject(value)) || (one.type === 'array' && Array.isArray(value)),
  );
  return meant?.found ?? wrongType(spot, rule, value);
}

const notAllowed = (spot: Spot, rule: FieldRule, value: JsonValue): Breach[] => [
  breach(spot, 'enum', `"${spot.name}" must be ${expected(rule)}, not ${JSON.stringify(value)}.`),
];

function integerBreaches(rule: IntegerRule, value: number, spot: Spot): Breach[] {
  if (rule.values && !rule.values.includes(value)) {
    return notAllowed(spot, rule, value);
  }
  return value < (rule.min ?? -Infinity) || value > (rule.max ?? Infinity)
    ? [breach(spot, 'limit', `"${spot.name}" must be ${expected(rule)}, not ${value}.`)]
    : [];
}

function decimalBreaches(rule: DecimalRule, value: JsonValue, spot: Spot): Breach[] {
  const number = decimalValue(value);
  if (number === undefined) {
    return wrongType(spot, rule, value);
  }
  if (number < (rule.min ?? -Infinity) || number > (rule.max ?? Infinity)) {
    return [breach(spot, 'limit', `"${spot.name}" must be ${expected(rule)}, not ${number}.`)];
  }
  const written = typeof value === 'string' ? value.trim() : String(number);
  const decimals = written.includes('e') ? Infinity : (written.split('.')[1]?.length ?? 0);
  return decimals > 2
    ? [breach(spot, 'decimals', `"${spot.name}" must have up to two decimal places. Round ${written}.`)]
    : [];
}

function textBreaches(rule: TextRule, value: string, spot: Spot): Breach[] {
  if (rule.values && !rule.values.includes(value)) {
    return notAllowed(spot, rule, value);
  }
  // PostHog trims strings before it measures them, and Python counts characters, not UTF-16 code units.
  const length = Array.from(value.trim()).length;
  if (length < (rule.minLength ?? 0)) {
    return [breach(spot, 'blank', `"${spot.name}" can't be empty.`)];
  }
  if (rule.startsWith !== undefined && !value.trim().startsWith(rule.startsWith)) {
    return [breach(spot, 'start', `"${spot.name}" must start with ${rule.startsWith}.`)];
  }
  if (rule.regex && !isRegex(value)) {
    // The server's regular expression engine has the last word. Its syntax differs in details.
    const message = `"${spot.name}" doesn't look like a valid regular expression: ${value}. Check brackets and backslashes.`;
    return [breach(spot, 'regex', message, false)];
  }
  const max = rule.maxLength ?? Infinity;
  return length > max
    ? [breach(spot, 'limit', `"${spot.name}" can have up to ${max} characters, not ${length}.`)]
    : [];
}

/** Whether this runtime can compile it, after translating the syntax of RE2 and Python. */
function isRegex(source: string): boolean {
  const here = source
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?[imsUux]+\)/g, '')
    .replace(/\(\?[imsUux]+:/g, '(?:');
  try {
    return new RegExp(here) instanceof RegExp;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return false;
    }
    throw error;
  }
}

function knownTimezone(name: string, timezones: ReadonlySet<string> | undefined): boolean {
  if (timezones) {
    return timezones.has(name);
  }
  if (!/^[A-Z]/.test(name)) {
    return false;
  }
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // The runtime ignores the case of names. PostHog doesn't.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) {
      return false;
    }
    throw error;
  }
}

function timezoneBreaches(name: string, spot: Spot): Breach[] {
  return knownTimezone(name, spot.timezones)
    ? []
    : [
        breach(
          spot,
          'timezone',
          `Unknown time zone "${name}". PostHog will probably reject it. Names are case-sensitive, such as "Europe/Berlin". Trigger Suggest lists them.`,
          false,
        ),
      ];
}

function listBreaches(
  rule: ListRule,
  list: readonly JsonValue[],
  before: JsonValue | undefined,
  spot: Spot,
): Breach[] {
  const known = new Set((Array.isArray(before) ? before : []).map((item) => JSON.stringify(item)));
  const found = list.flatMap((item, index): Breach[] => {
    const here: Spot = { ...spot, name: `${spot.name}[${index}]`, path: [...spot.path, index] };
    if ((item === null && rule.nullItems) || !rule.items || known.has(JSON.stringify(item))) {
      return [];
    }
    const wildcards = typeof item === 'string' ? item.split('*').length - 1 : 0;
    if (wildcards > (rule.maxWildcards ?? Infinity)) {
      const message = `A URL can have up to ${rule.maxWildcards ?? 0} wildcards (*), not ${wildcards}.`;
      return [breach(here, 'wildcards', message, spot.generation === 'current')];
    }
    return check(rule.items, item, undefined, here);
  });
  const written = rule.maxJsonLength === undefined ? 0 : pythonLength(list);
  if (written > (rule.maxJsonLength ?? Infinity)) {
    const message = `"${spot.name}" can have up to ${rule.maxJsonLength ?? 0} characters as JSON, not ${written}. Non-ASCII characters count as six. Configure longer lists when you initialize posthog-js.`;
    found.push(breach(spot, 'limit', message));
  }
  if (list.length > (rule.maxItems ?? Infinity)) {
    const message = `"${spot.name}" can have up to ${rule.maxItems ?? 0} items, not ${list.length}.`;
    found.push(breach(spot, 'limit', message));
  }
  return found;
}

/** The length of an array as JSON written by Python: a space after each comma, non-ASCII characters escaped. */
function pythonLength(list: readonly JsonValue[]): number {
  const escaped = JSON.stringify(list).replace(/[^ -~]/g, '\\u0000');
  return escaped.length + Math.max(0, list.length - 1);
}

function objectBreaches(rule: ObjectRule, object: JsonObject, before: JsonObject, spot: Spot): Breach[] {
  const found = (rule.required ?? [])
    .filter((key) => !Object.hasOwn(object, key))
    .map((key) => breach(spot, 'required', `"${spot.name}" must have the key "${key}".`));
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined && !jsonEquals(value, own(before, key))) {
      const here: Spot = { ...spot, name: `${spot.name}.${key}`, path: [...spot.path, key] };
      found.push(...keyBreaches(rule, { key, value, before: own(before, key) }, here, spot));
    }
  }
  const misfit = found.length === 0 ? rule.together?.(object) : undefined;
  if (misfit) {
    const path = misfit.key !== undefined && Object.hasOwn(object, misfit.key) ? [misfit.key] : [];
    const certain = spot.certain && misfit.expected !== true;
    found.push(breach({ ...spot, path: [...spot.path, ...path] }, misfit.code, misfit.message, certain));
  }
  return found;
}

function keyBreaches(
  rule: ObjectRule,
  { key, value, before }: { key: string; value: JsonValue; before: JsonValue | undefined },
  here: Spot,
  { name, generation, certain }: Spot,
): Breach[] {
  if (rule.hidden?.test(key) || rule.kept?.includes(key)) {
    const message = `"${here.name}" is read-only. PostHog sets it. Undo this change.`;
    return [breach(here, 'readonly', message)];
  }
  const keyRule = rule.keys && Object.hasOwn(rule.keys, key) ? rule.keys[key] : rule.each;
  if (!keyRule) {
    return rule.closed
      ? [
          breach(
            here,
            'unknown-key',
            `"${name}" can't have the key "${key}". Allowed keys: ${namesText(Object.keys(rule.keys ?? {}))}.`,
            certain && (rule.closed === true || generation === rule.closed),
          ),
        ]
      : [];
  }
  const takesNull = !keyRule.notNull && !rule.required?.includes(key);
  return value === null && takesNull ? [] : check(keyRule, value, before, here);
}
