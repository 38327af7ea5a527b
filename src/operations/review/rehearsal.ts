import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, objectOf } from '../../json/json';
import { settingsOutcomes } from '../../settings/answer';
import { settingsField, type Generation } from '../../settings/catalogue';
import { list } from '../phrases';

/** A PATCH that is tried out on the built-in server. */
export interface Rehearsal {
  readonly generation: Generation;
  /** The environment as the server has just shown it. */
  readonly environment: JsonObject;
  /** 1 member, 8 admin, 15 owner; where the server doesn't say, an admin is assumed. */
  readonly membershipLevel: number;
  readonly body: JsonObject;
}

/** What the built-in server answered. */
export interface RehearsedAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Tries a PATCH out on the built-in server, which is loaded with the first call. */
export type Rehearse = (rehearsal: Rehearsal) => Promise<RehearsedAnswer>;

/** What a rehearsal showed. */
export interface Rehearsed {
  /** What PostHog would do that the change set doesn't say: sentences. Empty: it would take it as it is. */
  readonly notes: readonly string[];
  /** The values that the answer of PostHog is compared with afterwards; absent where it would refuse. */
  readonly expected?: JsonObject;
}

/** What PostHog would make of the changes. */
export function rehearsedNotes(
  { body, environment, generation }: Rehearsal,
  answer: RehearsedAnswer,
): Rehearsed {
  if (answer.status >= 400) {
    const { attr, detail } = answer.body;
    const name = typeof attr === 'string' ? `${attr.split('__')[0]}: ` : '';
    const reason = typeof detail === 'string' ? detail : `status ${answer.status}`;
    return { notes: [`PostHog would refuse this. ${name}${reason}`] };
  }
  const outcomes = settingsOutcomes(body, answer.body, generation, environment);
  const paths = (became: string): string[] => [
    ...new Set(
      outcomes
        .filter(
          (one) =>
            one.became === became && !jsonEquals(withoutLookups(one.wanted), withoutLookups(one.answered)),
        )
        .map(({ path }) => path.map(String).join('.')),
    ),
  ];
  const [reshaped, ignored] = [paths('reshaped'), paths('missing')];
  const expected = Object.fromEntries(Object.keys(body).map((key) => [key, answer.body[key]]));
  return {
    notes: [
      ...(ignored.length > 0 ? [`PostHog would ignore ${list(ignored)}.`] : []),
      ...(reshaped.length > 0 ? [`PostHog would store ${list(reshaped)} in its own form.`] : []),
    ],
    expected,
  };
}

/**
 * Where PostHog's answer differs from the rehearsal, by name of the setting: what the extension knows of the API is no
 * longer true there.
 */
export function differsFromRehearsal({ expected }: Rehearsed, answer: JsonObject): readonly string[] {
  return Object.entries(expected ?? {})
    .filter(([key, value]) => !jsonEquals(withoutLookups(value), withoutLookups(answer[key])))
    .map(([key]) => settingsField(key)?.key ?? key);
}

/** A value without the names that the server looks up and adds. */
function withoutLookups(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) {
    return value.map((item) => withoutLookups(item) ?? null);
  }
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(objectOf(value))
        .filter(([key]) => key !== 'cohort_name')
        .map(([key, inner]) => [key, withoutLookups(inner)]),
    );
  }
  return value;
}
