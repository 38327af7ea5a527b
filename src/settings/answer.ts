import { mergedLevels, settingsField, type Generation } from './catalogue';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, objectOf, own } from '../json/json';
import type { JsonPath } from '../json/parse';
import { ruleOfKey, type FieldRule } from './rules';
import { isStoredAs } from './storedForm';
import { isTaken } from './taken';

/** What happened to one value of a document: a key, or a part of an object that merges. */
export interface ValueOutcome {
  readonly path: JsonPath;
  readonly wanted: JsonValue;
  readonly answered: JsonValue | undefined;
  /** `reshaped`: the server stored it in its own form. `missing`: it has another value, or none. */
  readonly became: 'same' | 'reshaped' | 'missing';
  /** Why it's missing, if known. */
  readonly hint?: string;
}

/** A value the server didn't store as sent. `hint` says why, if known. */
export interface Ignored {
  readonly key: string;
  /** The key, or `key.subKey` in an object that is compared part by part. */
  readonly path: string;
  readonly sent: JsonValue;
  readonly answered: JsonValue | undefined;
  readonly hint?: string;
}

/**
 * What happened to each value of a document. PostHog ignores unknown, read-only, and plan-gated keys, but still returns 200
 * (API facts 4.4).
 *
 * @param wanted the body of a PATCH
 * @param answer the environment in the server's response
 * @param base the document that the body is based on, which shows what the body removes
 * @param sent what was sent: for other keys, the server didn't respond to anything
 * @param isDoubtful the response was lost, so what was sent may not have arrived
 */
export function settingsOutcomes(
  wanted: JsonObject,
  answer: JsonObject,
  generation: Generation,
  base: JsonObject,
  sent = wanted,
  isDoubtful = false,
): ValueOutcome[] {
  return Object.entries(wanted).flatMap(([key, value]): ValueOutcome[] => {
    if (value === undefined) {
      return [];
    }
    const field = settingsField(key);
    const [answered, before] = [own(answer, key), own(base, key)];
    const hint = field?.whenIgnored;
    const reply = !Object.hasOwn(sent, key) ? 'none' : isDoubtful ? 'lost' : 'read';
    const rule = field?.rule.type === 'object' ? field.rule : undefined;
    const levels = mergedLevels(field, generation);
    if (!(levels > 0 || rule?.kept) || !isJsonObject(value) || !isJsonObject(answered)) {
      return [outcome([key], value, answered, { rule: field?.rule, before, reply }, hint)];
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
              : [outcome([key, subKey, name], item, own(is, name), { before: own(was, name), reply }, hint)],
          );
        }
        return [
          outcome([key, subKey], part, is, { rule: ruleOfKey(rule, subKey), before: was, reply }, hint),
        ];
      },
    );
  });
}

function outcome(
  path: JsonPath,
  wanted: JsonValue,
  answered: JsonValue | undefined,
  look: {
    readonly rule?: FieldRule | undefined;
    readonly before: JsonValue | undefined;
    readonly reply: 'read' | 'lost' | 'none';
  },
  hint: string | undefined,
): ValueOutcome {
  if (jsonEquals(wanted, answered)) {
    return { path, wanted, answered, became: 'same' };
  }
  const isUnchanged = look.reply === 'none' || (look.reply === 'lost' && jsonEquals(answered, look.before));
  const isThere = isUnchanged
    ? // Nothing shows that the server has seen the value, so only what the catalogue knows for certain counts.
      isStoredAs(look.rule, wanted, answered)
    : isTaken(wanted, answered, { ...look, unsent: look.reply === 'lost' });
  if (isThere) {
    return { path, wanted, answered, became: 'reshaped' };
  }
  return { path, wanted, answered, became: 'missing', ...(hint === undefined ? {} : { hint }) };
}

/** The values of a PATCH that the server ignored. See {@link settingsOutcomes}. */
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
