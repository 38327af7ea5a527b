import { afterWrite } from '../posthog/abort';
import type { PostHogClient } from '../posthog/client';
import type { EnvironmentDetail } from '../posthog/models';
import { confirmedBase, settingsOutcomes, type ValueOutcome } from '../settings/answer';
import { settingsField } from '../settings/catalogue';
import { settingsDocument } from '../settings/document';
import { conflictingKeys } from '../settings/patch';
import type { JsonObject } from '../json/json';
import {
  confirmedNotice,
  conflict,
  isThere,
  lookAndConfirm,
  partOutcome,
  readFirst,
  refusedWith,
  reshapedNotice,
  type Confirm,
  type Look,
  type Now,
} from './applySteps';
import { settingsChanges } from './changes';
import type { SettingsChangeSet } from './changeSet';
import { applied, type Outcome } from './outcome';
import { couldNotConfirm } from './phrases';
import { absentOutcome, unknownOutcome } from './unsettled';
import { write } from './write';

/** What applying changes of settings needs of a client. */
export type SettingsClient = Pick<PostHogClient, 'getEnvironment' | 'patchEnvironment'>;

/** How a change set is applied. */
export interface Applying<Client> {
  readonly client: Client;
  readonly signal: AbortSignal;
  /** Called once the difference is known and before anything is sent. What it throws ends it. */
  readonly confirm?: Confirm | undefined;
}

export type SettingsOutcome = Outcome<Now<EnvironmentDetail>>;

/**
 * Applies changes of settings: fetch what the server has now, stop on a conflict, send the changed keys in one PATCH,
 * and compare the answer with what is wanted.
 *
 * @throws Cancelled when the person canceled before anything was sent
 */
export async function applySettings(
  set: SettingsChangeSet,
  { client, signal, confirm }: Applying<SettingsClient>,
): Promise<SettingsOutcome> {
  const { environment, generation, base, mine } = set;
  if (Object.keys(set.body).length === 0) {
    return applied('', { document: base, base, values: [] });
  }
  const valuesIn = (wanted: JsonObject, state: JsonObject, sent: JsonObject): ValueOutcome[] =>
    settingsOutcomes(wanted, state, generation, base, sent);
  const looked = await lookAndConfirm(
    async (): Promise<Look<{ theirs: JsonObject; body: JsonObject }>> => {
      const first = await readFirst(() => client.getEnvironment(environment, signal));
      if ('refusal' in first) {
        return first;
      }
      const theirs = documentLike(base, first.seen.raw);
      const keys = conflictingKeys(base, theirs, set.body, generation);
      return keys.length > 0
        ? { refusal: conflict(keys) }
        : { seen: { theirs, body: onlyMissing(set.body, valuesIn(set.body, theirs, {})) } };
    },
    ({ theirs, body }) => ({
      changes: settingsChanges(theirs, body, generation),
      environmentName: typeof theirs.name === 'string' ? theirs.name : undefined,
    }),
    confirm,
  );
  if ('refusal' in looked) {
    return looked.refusal;
  }
  const { theirs, body } = looked.seen;
  if (Object.keys(body).length === 0) {
    const values = valuesIn(set.body, theirs, {});
    return applied('', { document: theirs, base: theirs, values }, { notices: reshapedNotice(values, mine) });
  }
  const written = await write({
    send: () => client.patchEnvironment(environment, body, signal),
    look: () => client.getEnvironment(environment, afterWrite(signal)),
    // Without an answer, another form of a value may as well be what somebody else wrote meanwhile.
    tookSome: ({ raw }) => valuesIn(body, raw, {}).some(isThere),
  });
  if (written.kind === 'refused') {
    return refusedWith(written.error, '', { document: mine, body });
  }
  if (written.kind === 'absent') {
    return absentOutcome(written, 'Save again');
  }
  if (written.kind === 'unknown') {
    return unknownOutcome(written, couldNotConfirm('Save again'), { action: { kind: 'retry' } });
  }
  const { state, doubt } = written;
  const document = documentLike({ ...base, ...body }, state.raw);
  const answered = doubt ? {} : body;
  const values = valuesIn(set.body, state.raw, answered);
  if (!values.every(isThere)) {
    const now = { document, base: confirmedBase(base, values), values, state };
    return partOutcome({ body, now, doubt });
  }
  return applied(
    '',
    { document, base: document, values, state },
    {
      changed: Object.keys(body),
      notices: [...confirmedNotice(doubt), ...reshapedNotice(valuesIn(set.body, document, answered), mine)],
    },
  );
}

/** The keys of a body of which something is not there yet. */
function onlyMissing(body: JsonObject, values: readonly ValueOutcome[]): JsonObject {
  const open = new Set(values.filter((one) => !isThere(one)).map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(body).filter(([key]) => open.has(key)));
}

/** The settings document, with those keys beside it that the catalogue does not know and an earlier save wrote. */
function documentLike(known: JsonObject, raw: JsonObject): JsonObject {
  const unknown = Object.keys(known).filter((key) => !settingsField(key) && Object.hasOwn(raw, key));
  return { ...settingsDocument(raw), ...Object.fromEntries(unknown.map((key) => [key, raw[key]])) };
}
