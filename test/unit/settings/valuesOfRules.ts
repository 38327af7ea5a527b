import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/json/json';
import type { SettingsField } from '../../../src/settings/catalogue';
import type { FieldRule, ListRule, ObjectRule, TextRule } from '../../../src/settings/rules';

/** The attributes that the generator supports. Decide for any other attribute of a rule whether it affects values. */
const understood: Readonly<Record<FieldRule['type'], readonly string[]>> = {
  any: [],
  boolean: ['nullIsFalse'],
  integer: ['min', 'max', 'values', 'fractions', 'unit', 'meanings'],
  decimal: ['min', 'max', 'unit'],
  string: [
    ...['minLength', 'maxLength', 'values', 'meanings', 'lowerCase', 'startsWith', 'regex', 'example'],
    ...['trimmed', 'blankIsNull'],
  ],
  time: [],
  timezone: [],
  array: [
    ...['items', 'nullItems', 'dropsEmpty', 'unordered', 'anyOrder', 'identity', 'maxItems', 'maxJsonLength'],
    ...['maxWildcards', 'distinct'],
  ],
  object: [
    ...['keys', 'closed', 'required', 'each', 'together', 'hidden', 'nullRemoves', 'whole', 'adds', 'kept'],
    'dropsEmpty',
  ],
  id: [],
  union: ['of', 'wanted'],
};
const ofEveryRule = ['type', 'since', 'expected', 'text', 'notNull', 'pointsTo', 'snippets', 'ignored'];

const blank = fc.constantFrom('', ' ', '\t', '\n ');
const name = fc.constantFrom('email', 'name', 'Shop', '$pageview', 'a b', 'é', '1203', 'null', 'true');
/** A string as people write it: surrounded by white space, or nothing else. */
const untidy = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: text },
    { weight: 3, arbitrary: fc.tuple(blank, text, blank).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: blank },
  );

function texts(rule: TextRule): fc.Arbitrary<string> {
  if (rule.values) {
    return fc.constantFrom(...rule.values);
  }
  if (rule.regex) {
    return fc.constantFrom('/a', '^/user/(\\d+)$', ' /b ', '/(?P<id>\\d+)/.*', 'https://example\\.com/.*');
  }
  return rule.startsWith === undefined
    ? untidy(name)
    : untidy(name.map((text) => `${rule.startsWith ?? ''}example.com/${encodeURIComponent(text)}`));
}

/** Any small JSON value. */
const anything: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    untidy(name),
    fc.integer({ min: -3, max: 99 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 2 }),
  ),
})).value;

function lists(rule: ListRule): fc.Arbitrary<JsonValue[]> {
  const items = rule.items ? valuesOf(rule.items, rule.nullItems === true) : anything;
  return fc
    .array(items, { maxLength: 4 })
    .chain((some) =>
      fc.constantFrom(some, [...some, ...some.slice(0, 1)], [...some.slice(-1), ...some, ...some]),
    );
}

/** Some of the rule's keys, including all required ones, and an unknown one if allowed. */
function objects(rule: ObjectRule): fc.Arbitrary<JsonObject> {
  const { keys = {}, required = [], kept = [], hidden } = rule;
  const own = (one: string): FieldRule => (Object.hasOwn(keys, one) ? keys[one]! : { type: 'any' });
  const optional = Object.keys(keys).filter(
    (key) => !required.includes(key) && !kept.includes(key) && !hidden?.test(key),
  );
  const others = rule.each
    ? fc.dictionary(name, valuesOf(rule.each, rule.each.notNull !== true), { maxKeys: 3 })
    : rule.closed === true || Object.keys(keys).length > 0
      ? fc.constant<JsonObject>({})
      : fc.dictionary(name, anything, { maxKeys: 3 });
  // Keys that have to fit together mostly do if all of them are present.
  const chosen = rule.together
    ? fc.oneof(fc.constant(optional), fc.subarray(optional))
    : fc.subarray(optional);
  const made = chosen.chain((some) =>
    fc
      .tuple(
        fc.record(
          Object.fromEntries(
            [...required, ...some].map((key) => [
              key,
              valuesOf(own(key), !required.includes(key) && own(key).notNull !== true),
            ]),
          ),
        ),
        others,
      )
      .map(([known, other]): JsonObject => ({ ...other, ...known })),
  );
  return rule.together ? made.filter((object) => rule.together?.(object) === undefined) : made;
}

/**
 * Values for a rule of the catalogue, written as people do: white space around strings, empty items and duplicates,
 * different spellings of a number, a time and an ID. Not all of them are valid in every detail, so check them first.
 */
function valuesOf(rule: FieldRule, takesNull: boolean): fc.Arbitrary<JsonValue> {
  const some = ((): fc.Arbitrary<JsonValue> => {
    switch (rule.type) {
      case 'any':
        return anything;
      case 'boolean':
        return fc.boolean();
      case 'integer': {
        const { min = -5, max = 50, values } = rule;
        const whole = fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max));
        return values
          ? fc.constantFrom(...values)
          : rule.fractions && max >= 1
            ? fc.oneof(whole, fc.constant(0.5))
            : whole;
      }
      case 'decimal':
        return fc.constantFrom<JsonValue[]>(0, '0', 0.4, '0.4', '0.40', ' .5 ', '1.', 1, '1.00', '00.95');
      case 'string':
        return texts(rule);
      case 'time':
        return fc.constantFrom('02:00', '2:00', '02:00:00', '23:59:59', '03:15:30.5', '04:05Z');
      case 'timezone':
        return fc.constantFrom('UTC', 'Europe/Berlin', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires');
      case 'array':
        return lists(rule);
      case 'object':
        return objects(rule);
      case 'id':
        return fc.oneof(fc.nat(99), untidy(fc.nat(99).map(String)));
      case 'union':
        return fc.oneof(...rule.of.map((one) => valuesOf(one, false)));
    }
  })();
  return takesNull ? fc.oneof({ weight: 5, arbitrary: some }, fc.constant(null)) : some;
}

/** Values of a setting. See {@link valuesOf}. */
export const valuesOfField = ({ rule, nullable }: SettingsField): fc.Arbitrary<JsonValue> =>
  // Without prototypes and undefined, which JSON doesn't have.
  valuesOf(rule, nullable).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

/** The rules of a field, its own and all below. */
export function rulesBelow(rule: FieldRule): FieldRule[] {
  const parts =
    rule.type === 'array'
      ? [rule.items]
      : rule.type === 'object'
        ? [...Object.values(rule.keys ?? {}), rule.each]
        : rule.type === 'union'
          ? rule.of
          : [];
  return [rule, ...parts.flatMap((part) => (part ? rulesBelow(part) : []))];
}

/** How many rules describe a field's values. */
export const sizeOf = ({ rule }: SettingsField): number => rulesBelow(rule).length;

/** Attributes of a field's rules that the generator doesn't support. */
export const notGenerated = ({ rule }: SettingsField): string[] =>
  rulesBelow(rule).flatMap((one) =>
    Object.keys(one).filter((key) => !ofEveryRule.includes(key) && !understood[one.type].includes(key)),
  );
