import type { Generation, SettingsField } from './catalogue';
import { isBigNumber, isJsonObject, jsonEquals, type JsonObject, type JsonValue } from './json';
import type { JsonPath } from './parse';
import type { DecimalRule, FieldRule, IntegerRule, ListRule, ObjectRule, TextRule } from './rules';
import { decimalValue, objectOf, own, timeOfDay } from './values';

/** A value that breaks a rule. `path` starts below the field. */
export interface Breach {
  readonly path: JsonPath;
  readonly code: string;
  readonly message: string;
  /** PostHog surely refuses it; otherwise it depends on the server's version. */
  readonly certain: boolean;
}

interface RuleContext {
  readonly generation: Generation;
  readonly timezones?: ReadonlySet<string> | undefined;
}

/** Where a check stands: the name for messages, the path, and whether all rules on the way are enforced. */
interface Spot extends RuleContext {
  readonly name: string;
  readonly path: JsonPath;
  readonly certain: boolean;
}

/**
 * How a value breaks its field's rule. Parts that are as the server gave them are not looked at, so nothing that a
 * newer server stores is called wrong.
 *
 * @param before the value as the server last confirmed it
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

function nullMessage(key: string, rule: FieldRule): string {
  switch (rule.type) {
    case 'array':
      return `"${key}" cannot be null. Write [] for an empty list.`;
    case 'object':
      return `PostHog ignores null for "${key}". Change its parts one by one instead.`;
    default:
      return `"${key}" cannot be null. Write ${expected(rule)}.`;
  }
}

const quoted = (values: readonly (string | number)[]): string =>
  values.length > 12
    ? `one of its ${values.length} allowed values (completion lists them)`
    : `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;

function range({ min, max }: { readonly min?: number; readonly max?: number }): string {
  return min === undefined || max === undefined ? '' : ` from ${min} to ${max}`;
}

/** What a rule wants, after "must be" or "write". */
function expected(rule: FieldRule): string {
  switch (rule.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return rule.values ? quoted(rule.values) : `a ${rule.fractions ? '' : 'whole '}number${range(rule)}`;
    case 'decimal':
      return `a number${range(rule)} with at most two decimals`;
    case 'string':
      return rule.values ? quoted(rule.values) : 'a text in double quotes';
    case 'time':
      return 'a time of day such as "02:00:00" (UTC)';
    case 'timezone':
      return 'the name of a time zone such as "Europe/Berlin"';
    case 'array':
      return 'a list in [ ]';
    case 'object':
      return 'an object in { }';
    case 'id':
      return 'a whole number';
  }
}

function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'number':
      return Number.isInteger(value) ? 'a number' : 'a fraction';
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
  const remedy = unquoted ? ` Write ${value.toLowerCase()} without the quotes.` : '';
  return [breach(spot, 'type', `"${spot.name}" must be ${expected(rule)}, not ${kindOf(value)}.${remedy}`)];
}

function check(rule: FieldRule, value: JsonValue, before: JsonValue | undefined, at: Spot): Breach[] {
  if (jsonEquals(value, before)) {
    return [];
  }
  if (isBigNumber(value)) {
    return check(rule, Number(value.rawJSON), undefined, at);
  }
  const spot: Spot = rule.since === 'current' && at.generation !== 'current' ? { ...at, certain: false } : at;
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
  }
}

const notAllowed = (spot: Spot, rule: FieldRule, value: JsonValue): Breach[] => [
  breach(spot, 'enum', `"${spot.name}" must be ${expected(rule)}; ${JSON.stringify(value)} is not.`),
];

function integerBreaches(rule: IntegerRule, value: number, spot: Spot): Breach[] {
  if (rule.values && !rule.values.includes(value)) {
    return notAllowed(spot, rule, value);
  }
  return value < (rule.min ?? -Infinity) || value > (rule.max ?? Infinity)
    ? [breach(spot, 'limit', `"${spot.name}" must be ${expected(rule)}; ${value} is outside.`)]
    : [];
}

function decimalBreaches(rule: DecimalRule, value: JsonValue, spot: Spot): Breach[] {
  const number = decimalValue(value);
  if (number === undefined) {
    return wrongType(spot, rule, value);
  }
  if (number < (rule.min ?? -Infinity) || number > (rule.max ?? Infinity)) {
    return [breach(spot, 'limit', `"${spot.name}" must be ${expected(rule)}; ${number} is outside.`)];
  }
  const written = typeof value === 'string' ? value.trim() : String(number);
  const decimals = written.includes('e') ? Infinity : (written.split('.')[1]?.length ?? 0);
  return decimals > 2
    ? [breach(spot, 'decimals', `"${spot.name}" keeps two decimals; round ${written} to two.`)]
    : [];
}

function textBreaches(rule: TextRule, value: string, spot: Spot): Breach[] {
  if (rule.values && !rule.values.includes(value)) {
    return notAllowed(spot, rule, value);
  }
  // PostHog trims texts before it measures them, and Python counts characters, not UTF-16 units.
  const length = Array.from(value.trim()).length;
  if (length < (rule.minLength ?? 0)) {
    return [breach(spot, 'blank', `"${spot.name}" cannot be empty. Write at least one character.`)];
  }
  const max = rule.maxLength ?? Infinity;
  return length > max
    ? [
        breach(
          spot,
          'limit',
          `"${spot.name}" can have at most ${max} characters; this has ${length}. Shorten it.`,
        ),
      ]
    : [];
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
    // The runtime reads names in any case, PostHog only in their own.
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
          `"${name}" is not a time zone name this extension knows, so PostHog will probably refuse it. Names look like "Europe/Berlin", capitals included; completion lists them.`,
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
      const message = `An address can have up to ${rule.maxWildcards ?? 0} wildcards (*); this has ${wildcards}. Remove the extra ones.`;
      return [breach(here, 'wildcards', message, spot.generation === 'current')];
    }
    return check(rule.items, item, undefined, here);
  });
  // PostHog measures the list as Python writes it, with a space after each comma.
  const written = JSON.stringify(list).length + Math.max(0, list.length - 1);
  if (written >= (rule.jsonShorterThan ?? Infinity)) {
    const message = `"${spot.name}" must be shorter than ${rule.jsonShorterThan ?? 0} characters in all, brackets and quotes included; this has ${written}. Longer rules go into the posthog-js initialization.`;
    found.push(breach(spot, 'limit', message));
  }
  return found;
}

function objectBreaches(rule: ObjectRule, object: JsonObject, before: JsonObject, spot: Spot): Breach[] {
  const found = (rule.required ?? [])
    .filter((key) => !Object.hasOwn(object, key))
    .map((key) => breach(spot, 'required', `"${spot.name}" needs the key "${key}". Add it.`));
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined || jsonEquals(value, own(before, key))) {
      continue;
    }
    const here: Spot = { ...spot, name: `${spot.name}.${key}`, path: [...spot.path, key] };
    const keyRule = rule.keys && Object.hasOwn(rule.keys, key) ? rule.keys[key] : undefined;
    if (rule.hidden?.test(key) || rule.kept?.includes(key)) {
      found.push(
        breach(
          here,
          'readonly',
          `"${here.name}" is set by PostHog alone and cannot be changed here. Undo this.`,
        ),
      );
    } else if (rule.only && !rule.only.includes(key)) {
      found.push(
        breach(
          here,
          'unknown-key',
          `"${spot.name}" can only have the keys ${rule.only.join(', ')}. Remove "${key}".`,
        ),
      );
    } else if (keyRule && value === null) {
      if (rule.required?.includes(key)) {
        found.push(...check(keyRule, value, undefined, here));
      }
    } else if (keyRule) {
      found.push(...check(keyRule, value, own(before, key), here));
    }
  }
  return found;
}
