import { afterWrite } from '../../posthog/abort';
import type { PostHogClient } from '../../posthog/client';
import type { EnvironmentDetail } from '../../posthog/models';
import { settingsOutcomes, type ValueOutcome } from '../../settings/answer';
import { settingsField } from '../../settings/catalogue';
import { checkSettings } from '../../settings/check';
import { settingsDocument } from '../../settings/document';
import { planSettings } from '../../settings/patch';
import type { JsonObject } from '../../json/json';
import {
  confirmedNotice,
  isThere,
  lookAndConfirm,
  mergeOrStop,
  partOutcome,
  readFirst,
  refusedWith,
  reshapedNotice,
  saidOfRefusal,
  type Confirm,
  type Look,
  type Now,
} from './applySteps';
import { settingsChanges } from '../changes';
import type { SettingsChangeSet } from '../changeSet';
import { madeBy, Recording, type Begin } from '../history/recording';
import { confirmedIn, isOwn, wantedOf, type Decided } from './mergeDocument';
import { applied, type Outcome } from '../outcome';
import { sentences } from '../phrases/sentences';
import { couldNotConfirm, type Again } from '../phrases/writes';
import { absentOutcome, unknownOutcome } from './unsettled';
import { write } from '../write';

/** The calls that applying settings makes. */
export type SettingsClient = Pick<PostHogClient, 'getEnvironment' | 'patchEnvironment'>;

/** How a change set is applied. */
export interface Applying<Client> {
  readonly client: Client;
  readonly signal: AbortSignal;
  /** Called once the difference is known and before anything is sent. Throwing stops it. */
  readonly confirm?: Confirm | undefined;
  /** Records what is sent in the history. */
  readonly begin?: Begin | undefined;
  /** The conflicts that the user decided with their own value. */
  readonly decided?: readonly Decided[] | undefined;
  /** How to repeat it, for the message about a failure. */
  readonly again?: Again;
}

export type SettingsOutcome = Outcome<Now<EnvironmentDetail>>;

/** What the server has, and what to send so that it has both sides' changes. */
interface SettingsLook {
  readonly raw: JsonObject;
  readonly theirs: JsonObject;
  readonly merged: JsonObject;
  /** Names of their changes that were merged in. */
  readonly taken: readonly string[];
  /** The PATCH: only what changed. */
  readonly body: JsonObject;
  /** When the server was asked, in milliseconds since the epoch. */
  readonly askedAtMs: number;
}

/**
 * Applies changed settings: gets the server's current version, merges it with the user's or stops at a conflict, sends
 * the changed keys in one PATCH, and verifies the response.
 *
 * @throws Canceled if the user canceled before anything was sent
 */
export async function applySettings(
  set: SettingsChangeSet,
  applying: Applying<SettingsClient>,
): Promise<SettingsOutcome> {
  const record = new Recording(applying.begin);
  return record.of(apply(set, applying, record), madeBy);
}

async function apply(
  set: SettingsChangeSet,
  { client, signal, confirm, decided = [], again = 'Save again' }: Applying<SettingsClient>,
  record: Recording,
): Promise<SettingsOutcome> {
  const { environment, generation, base } = set;
  if (Object.keys(set.body).length === 0) {
    return applied('', { document: base, base, mine: set.mine, values: [], taken: [] });
  }
  const mine = wantedOf(base, set.mine);
  const looked = await lookAndConfirm(
    async (): Promise<Look<SettingsLook>> => {
      const askedAtMs = Date.now();
      const first = await readFirst(() => client.getEnvironment(environment, signal));
      if ('refusal' in first) {
        return first;
      }
      const theirs = documentLike(base, first.seen.raw);
      const both = mergeOrStop('settings', { base, mine, theirs }, decided, (merged) =>
        checkSettings(merged, { base: theirs, generation }),
      );
      if ('refusal' in both) {
        return both;
      }
      const { merged } = both;
      const { body } = planSettings(theirs, merged, generation);
      const values = settingsOutcomes(body, theirs, generation, theirs, {});
      return {
        seen: { ...both, raw: first.seen.raw, theirs, body: onlyMissing(body, values), askedAtMs },
      };
    },
    ({ raw, theirs, merged, body }) => ({
      changes: settingsChanges(theirs, body, generation),
      sending: { kind: 'settings', ...{ environment, generation, theirs, merged, raw, body } },
      environmentName: typeof theirs.name === 'string' ? theirs.name : undefined,
    }),
    confirm,
  );
  if ('refusal' in looked) {
    return looked.refusal;
  }
  const { theirs, merged, taken, body, askedAtMs } = looked.seen;
  const wanted = planSettings(base, merged, generation).body;
  /** The outcome of everything the user changed. What only someone else changed is irrelevant to this save. */
  const valuesIn = (state: JsonObject, sent: JsonObject, isDoubtful = false): ValueOutcome[] =>
    settingsOutcomes(wanted, state, generation, theirs, sent, isDoubtful).filter(({ path }) =>
      isOwn({ base, mine }, path),
    );
  const nowIn = (document: JsonObject, values: readonly ValueOutcome[]): Now<EnvironmentDetail> => ({
    ...{ document, values, taken },
    base: confirmedIn(base, { base, mine, merged }, values),
    mine: confirmedIn(set.mine, { base, mine, merged }, values),
  });
  if (Object.keys(body).length === 0) {
    const values = valuesIn(theirs, {});
    return applied(
      '',
      { ...nowIn(theirs, values), base: theirs },
      { notices: reshapedNotice(values, set.mine) },
    );
  }
  const written = await write({
    send: () =>
      record.sending(settingsChanges(theirs, body, generation), () =>
        client.patchEnvironment(environment, body, signal),
      ),
    look: () => client.getEnvironment(environment, afterWrite(signal)),
    // Without a response, a value in another form could just as well be someone else's change, or the old one.
    tookSome: ({ raw }) => settingsOutcomes(body, raw, generation, theirs, body, true).some(isThere),
  });
  if (written.kind === 'refused') {
    const also = saidOfRefusal(written.error, looked);
    return refusedWith(written.error, sentences(...also), { document: merged, body });
  }
  if (written.kind === 'absent') {
    return absentOutcome(written, again);
  }
  if (written.kind === 'unknown') {
    return unknownOutcome(written, couldNotConfirm(again), { action: { kind: 'checkAgain' } });
  }
  const { state, doubt } = written;
  const document = documentLike({ ...base, ...body }, state.raw);
  record.window = {
    ...{ kind: 'settings', generation, before: theirs, after: document, sent: body },
    elapsedMs: Date.now() - askedAtMs,
  };
  const isDoubtful = doubt !== undefined;
  const values = valuesIn(state.raw, body, isDoubtful);
  const now = { ...nowIn(document, values), state };
  if (!values.every(isThere)) {
    const also = doubt ? [] : (looked.noticesOf?.(state.raw) ?? []);
    return partOutcome({ body, now, doubt, also: sentences(...also) });
  }
  return applied(
    '',
    { ...now, base: document },
    {
      changed: Object.keys(body),
      notices: [
        ...confirmedNotice(doubt),
        ...reshapedNotice(valuesIn(document, body, isDoubtful), set.mine),
        ...(looked.noticesOf?.(state.raw) ?? []),
      ],
    },
  );
}

/** The keys of a body that the server doesn't have yet, as far as the catalogue can tell. */
function onlyMissing(body: JsonObject, values: readonly ValueOutcome[]): JsonObject {
  const open = new Set(values.filter((one) => !isThere(one)).map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(body).filter(([key]) => open.has(key)));
}

/** The settings document, including keys that aren't in the catalogue but were written by an earlier save. */
function documentLike(known: JsonObject, raw: JsonObject): JsonObject {
  const unknown = Object.keys(known).filter((key) => !settingsField(key) && Object.hasOwn(raw, key));
  return { ...settingsDocument(raw), ...Object.fromEntries(unknown.map((key) => [key, raw[key]])) };
}
