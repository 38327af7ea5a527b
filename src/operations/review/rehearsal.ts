import { jsonEquals, type JsonObject } from '../../json/json';
import { settingsOutcomes, type ValueOutcome } from '../../settings/answer';
import { withoutAdded } from '../../settings/addedKeys';
import { settingsField, type Generation } from '../../settings/catalogue';
import type { Log } from '../../connections/ports';
import { tableOutcomes, type ColumnUpdates } from '../../warehouse/table';
import { sideText } from '../changeText';
import { rehearsalDiffered } from '../phrases/plans';
import { list } from '../phrases/sentences';
import type { Sending } from '../save/applySteps';

/** Changes to try on the built-in server. */
export type Rehearsal =
  /** A PATCH of an environment. */
  | {
      readonly kind: 'settings';
      readonly generation: Generation;
      /** The environment as the server just returned it. */
      readonly environment: JsonObject;
      /** 1 member, 8 admin, 15 owner. Admin is assumed if the server doesn't say. */
      readonly membershipLevel: number;
      readonly body: JsonObject;
    }
  /** A PATCH of a table, then its column types. */
  | {
      readonly kind: 'table';
      readonly generation: Generation;
      /** The table as the server just returned it. */
      readonly table: JsonObject;
      readonly patch: JsonObject;
      readonly updates: ColumnUpdates;
      /** Whether the server is known to accept column types from keys. */
      readonly takesTypes: boolean | undefined;
    };

/** The built-in server's response. */
export interface RehearsedAnswer {
  readonly status: number;
  readonly body: JsonObject;
  /** Set if it refuses the column types, which are sent last. */
  readonly ofTypes?: boolean;
}

/** Tries changes on the built-in server, which is loaded by the first call. */
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

/** A failed rehearsal doesn't stop a save. */
const rehearsalFailed = 'Not rehearsed: the built-in server failed. See the log for details.';

/** For types that the built-in server refuses until this server is known to accept them (API facts 9.2). */
const typesProbablyRejected =
  "Rehearsed: PostHog would probably reject the column types. Most servers don't allow API keys to change them.";

/** What PostHog would do with changes, tried on the built-in server. */
export async function rehearsedOn(
  rehearse: Rehearse,
  sending: Sending,
  log: Pick<Log, 'warn'>,
): Promise<Rehearsed> {
  const rehearsal = rehearsalOf(sending);
  try {
    return rehearsedNotes(rehearsal, await rehearse(rehearsal));
  } catch (error) {
    log.warn(`Couldn't rehearse the changes: ${String(error)}`);
    return { notes: [rehearsalFailed] };
  }
}

function rehearsalOf(sending: Sending): Rehearsal {
  const { generation, raw } = sending;
  if (sending.kind === 'table') {
    const { patch, updates, takesTypes } = sending;
    return { kind: 'table', generation, table: raw, patch, updates, takesTypes };
  }
  const level = raw.effective_membership_level;
  const membershipLevel = typeof level === 'number' ? level : 8;
  return { kind: 'settings', generation, environment: raw, membershipLevel, body: sending.body };
}

/** What PostHog would do with the changes. */
export function rehearsedNotes(rehearsal: Rehearsal, answer: RehearsedAnswer): Rehearsed {
  if (answer.ofTypes && rehearsal.kind === 'table' && rehearsal.takesTypes === undefined) {
    return { notes: [typesProbablyRejected], refuses: true };
  }
  if (answer.status >= 400) {
    const { attr, detail, message } = answer.body;
    const name = typeof attr === 'string' ? `${attr.split('__')[0]}: ` : '';
    const reason = [detail, message].find((one) => typeof one === 'string') ?? `status ${answer.status}`;
    const what = answer.ofTypes ? 'the column types' : 'this';
    return { notes: [`Rehearsed: PostHog would reject ${what}. ${name}${reason}`], refuses: true };
  }
  const outcomes =
    rehearsal.kind === 'table'
      ? tableOutcomes(rehearsal, answer.body)
      : settingsOutcomes(rehearsal.body, answer.body, rehearsal.generation, rehearsal.environment);
  const named = (became: string, textOf: (one: ValueOutcome) => string): string[] => [
    ...new Set(
      outcomes
        .filter(
          (one) => one.became === became && !jsonEquals(withoutAdded(one.wanted), withoutAdded(one.answered)),
        )
        .map(textOf),
    ),
  ];
  const nameOf = ({ path }: ValueOutcome): string => path.map(String).join('.');
  const ignored = named('missing', nameOf);
  const reshaped = named('reshaped', (one) => `${nameOf(one)} as ${sideText(one.path, one.answered)}`);
  const notes = [
    ...(ignored.length > 0 ? [`Rehearsed: PostHog would ignore ${list(ignored)}.`] : []),
    ...(reshaped.length > 0 ? [`Rehearsed: PostHog would store ${list(reshaped)}.`] : []),
  ];
  return {
    notes: notes.length > 0 ? notes : ['Rehearsed: PostHog would accept this as it is.'],
    expected:
      rehearsal.kind === 'table'
        ? answeredOfTable(rehearsal, answer.body)
        : Object.fromEntries(Object.keys(rehearsal.body).map((key) => [key, answer.body[key]])),
  };
}

/** A table's values in PostHog's response, in the form of a rehearsal's. */
export const answeredOfTable = (
  sent: { readonly patch: JsonObject; readonly updates: ColumnUpdates },
  table: JsonObject,
): JsonObject =>
  Object.fromEntries(tableOutcomes(sent, table).map(({ path, answered }) => [path.join('.'), answered]));

/**
 * Where PostHog's response differs from the rehearsal, to show and to log.
 *
 * @param answered `undefined` if it refused a value
 */
export function rehearsalNotices(
  rehearsed: Rehearsed,
  answered: JsonObject | undefined,
  log: Pick<Log, 'warn'>,
): readonly string[] {
  const otherwise = answered ? rehearsalDiffered.accepted : rehearsalDiffered.refused;
  if (answered ? rehearsed.refuses : rehearsed.expected) {
    log.warn(otherwise);
    return [otherwise];
  }
  if (!answered) {
    return [];
  }
  const keys = differsFromRehearsal(rehearsed, answered);
  if (keys.length === 0) {
    return [];
  }
  log.warn(`PostHog's response differs from the rehearsal: ${keys.join(', ')}.`);
  return [`${list(keys)}: PostHog's response differs from what the rehearsal showed.`];
}

/**
 * Settings for which PostHog's response differs from the rehearsal: there, the extension's knowledge of the API is
 * outdated.
 */
function differsFromRehearsal({ expected }: Rehearsed, answer: JsonObject): readonly string[] {
  return Object.entries(expected ?? {})
    .filter(([key, value]) => !jsonEquals(withoutAdded(value), withoutAdded(answer[key])))
    .map(([key]) => settingsField(key)?.key ?? key);
}
