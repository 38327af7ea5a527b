import { mergedLevels, settingsField, type Generation } from './catalogue';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, objectOf, own } from '../json/json';
import type { JsonPath } from '../json/parse';
import { ruleOfKey, type FieldRule } from './rules';
import { isTaken } from './taken';

/** What became of one value that a document wants: a key, or a part of an object that changes part by part. */
export interface ValueOutcome {
  readonly path: JsonPath;
  readonly wanted: JsonValue;
  readonly answered: JsonValue | undefined;
  /** `reshaped`: the server has it in a form of its own; `missing`: it has something else, or nothing. */
  readonly became: 'same' | 'reshaped' | 'missing';
  /** Why it is missing, where that is known. */
  readonly hint?: string;
}

/** A value that the server did not take as it was sent. `hint` says why, where that is known. */
export interface Ignored {
  readonly key: string;
  /** The key, or `key.subKey` in an object of which only parts are compared. */
  readonly path: string;
  readonly sent: JsonValue;
  readonly answered: JsonValue | undefined;
  readonly hint?: string;
}

/**
 * What became of everything that a document wants (API facts 4.4: unknown, read-only and plan-gated keys are ignored
 * with 200).
 *
 * @param wanted the body of a PATCH
 * @param answer the environment as the server answered it
 * @param base the document that the body was made from: tells what the body removes
 */
export function settingsOutcomes(
  wanted: JsonObject,
  answer: JsonObject,
  generation: Generation,
  base: JsonObject,
): ValueOutcome[] {
  return Object.entries(wanted).flatMap(([key, value]): ValueOutcome[] => {
    if (value === undefined) {
      return [];
    }
    const field = settingsField(key);
    const [answered, before] = [own(answer, key), own(base, key)];
    const hint = field?.whenIgnored;
    const rule = field?.rule.type === 'object' ? field.rule : undefined;
    const levels = mergedLevels(field, generation);
    if (!(levels > 0 || rule?.kept) || !isJsonObject(value) || !isJsonObject(answered)) {
      return [outcome([key], value, answered, { rule: field?.rule, before }, hint)];
    }
    const removed =
      levels > 0 ? [] : Object.keys(objectOf(before)).filter((subKey) => !Object.hasOwn(value, subKey));
    return [...Object.entries(value), ...removed.map((subKey) => [subKey, null] as const)].flatMap(
      ([subKey, part]): ValueOutcome[] => {
        if (part === undefined || rule?.kept?.includes(subKey) || rule?.hidden?.test(subKey)) {
          return [];
        }
        const [is, was] = [own(answered, subKey), own(objectOf(before), subKey)];
        if (levels > 1 && isJsonObject(part) && isJsonObject(is) && isJsonObject(was)) {
          return Object.entries(part).flatMap(([name, item]) =>
            item === undefined
              ? []
              : [outcome([key, subKey, name], item, own(is, name), { before: own(was, name) }, hint)],
          );
        }
        return [outcome([key, subKey], part, is, { rule: ruleOfKey(rule, subKey), before: was }, hint)];
      },
    );
  });
}

function outcome(
  path: JsonPath,
  wanted: JsonValue,
  answered: JsonValue | undefined,
  look: { readonly rule?: FieldRule | undefined; readonly before: JsonValue | undefined },
  hint: string | undefined,
): ValueOutcome {
  if (jsonEquals(wanted, answered)) {
    return { path, wanted, answered, became: 'same' };
  }
  if (isTaken(wanted, answered, look)) {
    return { path, wanted, answered, became: 'reshaped' };
  }
  return { path, wanted, answered, became: 'missing', ...(hint === undefined ? {} : { hint }) };
}

/** What the server ignored of a PATCH. See {@link settingsOutcomes}. */
export function compareAnswer(
  sent: JsonObject,
  answer: JsonObject,
  generation: Generation,
  base: JsonObject = {},
): Ignored[] {
  return settingsOutcomes(sent, answer, generation, base).flatMap(
    ({ path, wanted, answered, became, hint }): Ignored[] =>
      became === 'missing'
        ? [
            {
              key: String(path[0]),
              path: path.join('.'),
              sent: wanted,
              answered,
              ...(hint === undefined ? {} : { hint }),
            },
          ]
        : [],
  );
}

/**
 * The base after a save of which not everything was confirmed. Only what the server was seen to have moves on. What is
 * missing stays, or the next save would overwrite a value that nobody was shown; so does what somebody else changed
 * meanwhile, or the next save would take it for the person's own change and undo it.
 */
export function confirmedBase(base: JsonObject, outcomes: readonly ValueOutcome[]): JsonObject {
  return outcomes.reduce(
    (result, { path, answered, became }) =>
      became === 'missing' ? result : replaced(result, path, answered),
    base,
  );
}

function replaced(object: JsonObject, [key, ...rest]: JsonPath, value: JsonValue | undefined): JsonObject {
  if (key === undefined) {
    return object;
  }
  const entries = new Map(Object.entries(object));
  const name = String(key);
  const part = rest.length === 0 ? value : replaced(objectOf(own(object, name)), rest, value);
  if (part === undefined) {
    entries.delete(name);
  } else {
    entries.set(name, part);
  }
  return Object.fromEntries(entries);
}
