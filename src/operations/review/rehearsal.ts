import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, objectOf } from '../../json/json';
import { settingsOutcomes } from '../../settings/answer';
import { settingsField, type Generation } from '../../settings/catalogue';
import { list } from '../phrases';

/** A PATCH that is tried on the built-in server. */
export interface Rehearsal {
  readonly generation: Generation;
  /** The environment as the server just returned it. */
  readonly environment: JsonObject;
  /** 1 member, 8 admin, 15 owner. If the server doesn't say, admin is assumed. */
  readonly membershipLevel: number;
  readonly body: JsonObject;
}

/** The built-in server's response. */
export interface RehearsedAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Tries a PATCH on the built-in server, which is loaded by the first call. */
export type Rehearse = (rehearsal: Rehearsal) => Promise<RehearsedAnswer>;

/** What a rehearsal showed. */
export interface Rehearsed {
  /** What PostHog would do, as sentences. */
  readonly notes: readonly string[];
  /** Whether it would refuse. */
  readonly refuses?: boolean;
  /** The values to compare PostHog's response with afterwards; absent if there was no rehearsal, or it would refuse. */
  readonly expected?: JsonObject;
}

/** Changes of tables and drafts have no rehearsal. */
export const tablesNotRehearsed = 'Not rehearsed: only settings can be rehearsed.';

/** A rehearsal that failed stops no save. */
export const rehearsalFailed = 'Not rehearsed: the built-in server failed. See the log for details.';

/** What PostHog would do with the changes. */
export function rehearsedNotes(
  { body, environment, generation }: Rehearsal,
  answer: RehearsedAnswer,
): Rehearsed {
  if (answer.status >= 400) {
    const { attr, detail } = answer.body;
    const name = typeof attr === 'string' ? `${attr.split('__')[0]}: ` : '';
    const reason = typeof detail === 'string' ? detail : `status ${answer.status}`;
    return { notes: [`Rehearsed: PostHog would reject this. ${name}${reason}`], refuses: true };
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
  const notes = [
    ...(ignored.length > 0 ? [`Rehearsed: PostHog would ignore ${list(ignored)}.`] : []),
    ...(reshaped.length > 0 ? [`Rehearsed: PostHog would store ${list(reshaped)} in a different form.`] : []),
  ];
  return {
    notes: notes.length > 0 ? notes : ['Rehearsed: PostHog would accept this as it is.'],
    expected,
  };
}

/**
 * Where PostHog's response differs from the rehearsal, by name of the setting: the extension's knowledge of the API is
 * outdated there.
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
