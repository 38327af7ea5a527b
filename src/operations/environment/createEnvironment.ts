import * as v from 'valibot';
import { isCanceled } from '../../connections/failures';
import { afterWrite } from '../../posthog/abort';
import type { PostHogClient } from '../../posthog/client';
import { isStop, type Stop } from '../../posthog/errors';
import type { EnvironmentBasic, EnvironmentDetail, EnvironmentRef, Page } from '../../posthog/models';
import { itemsOf } from '../../posthog/paging';
import { settingsOutcomes } from '../../settings/answer';
import type { JsonObject } from '../../json/json';
import { newEnvironmentBody, notTaken } from '../../settings/newEnvironment';
import { actionFor } from '../actions';
import { readFirst, reshapedNotice, type Confirm } from '../save/applySteps';
import { createRefusal } from './createRefusal';
import { beginOf, Recording } from '../history/recording';
import { applied, notApplied, partly, unknown, type Outcome } from '../outcome';
import {
  couldNotConfirmCreation,
  createdAtFirst,
  createdUnread,
  isCreated,
  noNewEnvironment,
} from '../phrases/environments';
import { confirmedAfterAll, keptItsOwn } from '../phrases/writes';
import { receiptOf } from '../phrases/receipts';
import type { OperationServices } from '../services';
import { ask, write, type Write, type Written } from '../write';

/** Where to create an environment. */
export interface CreatePlace {
  readonly connectionId: string;
  readonly organizationId: string;
  /** On documented servers, its project. */
  readonly projectId?: number;
}

/** The calls that creating makes. */
export type CreatingClient = Pick<
  PostHogClient,
  'profile' | 'createEnvironment' | 'getEnvironment' | 'listProjects' | 'listEnvironments'
>;

/** What to create an environment from. */
export interface CreateRequest {
  readonly settings: JsonObject;
  /** What earlier attempts stored: see {@link CreateRequest.remember}. */
  readonly progress: JsonObject;
  readonly signal: AbortSignal;
  /**
   * Stores what the next attempt needs to know, even after a window reload: that a request was sent, or that the
   * environment exists. It becomes that attempt's {@link progress}.
   */
  remember(progress: JsonObject): Promise<void>;
  /** Called before anything is sent. Throwing stops it. */
  readonly confirm?: Confirm | undefined;
}

/** A created environment. */
export interface Created {
  readonly environment: EnvironmentRef;
  readonly detail: EnvironmentDetail;
  /** The requested values that the server didn't apply, by key. */
  readonly differing: JsonObject;
}

const progressSchema = v.object({
  /** A creation with an unknown outcome, and the environments that already had its name. */
  attempt: v.exactOptional(v.object({ name: v.string(), knownIds: v.array(v.number()) })),
  created: v.exactOptional(v.object({ id: v.number(), projectId: v.number() })),
});
type Attempt = NonNullable<v.InferOutput<typeof progressSchema>['attempt']>;

/** A creation in progress. */
interface Job extends CreateRequest {
  readonly record: Recording;
  readonly services: OperationServices<CreatingClient>;
  readonly client: CreatingClient;
  readonly place: CreatePlace;
  readonly body: JsonObject;
}

/** The environment with the name of an attempt that wasn't there before. `isWhole`: as the server returned it. */
interface Found {
  readonly environment: EnvironmentBasic | undefined;
  readonly answer?: EnvironmentDetail;
}

/**
 * Creates an environment exactly once. If the outcome is unknown, it is looked up by name before anything is sent
 * again, so that retrying never creates a second one.
 *
 * @returns `partly` if the server didn't apply all settings
 * @throws Canceled if the user canceled before anything was sent
 */
export async function createEnvironment(
  services: OperationServices<CreatingClient>,
  place: CreatePlace,
  request: CreateRequest,
): Promise<Outcome<Created>> {
  const { connectionId, organizationId, projectId = 0 } = place;
  const { name } = request.settings;
  const record = new Recording(
    beginOf(services, {
      connectionId,
      // Its ID is only known from the response.
      environment: { id: 0, projectId, organizationId },
      environmentName: typeof name === 'string' ? name : '',
      kind: 'create',
    }),
  );
  return record.of(create(services, place, request, record), (outcome) =>
    outcome.kind === 'applied' || outcome.kind === 'partly'
      ? { environment: { ...outcome.result.environment, name: outcome.result.detail.name } }
      : undefined,
  );
}

async function create(
  services: OperationServices<CreatingClient>,
  place: CreatePlace,
  request: CreateRequest,
  record: Recording,
): Promise<Outcome<Created>> {
  const client = await services.connections.client(place.connectionId);
  const body = newEnvironmentBody(request.settings, client.profile?.generation ?? 'current');
  const job: Job = { ...request, record, services, client, place, body };
  const name = typeof body.name === 'string' ? body.name.trim() : '';

  const { attempt: open, created } = progressOf(request.progress);
  if (created) {
    return finish(job, { ...created, organizationId: place.organizationId }, []);
  }
  if (open) {
    const found = await ask(lookup(job, open), undefined);
    if (found.kind === 'unknown') {
      return unconfirmed(open.name, found);
    }
    if (found.kind === 'there' && found.state.environment) {
      const { environment } = found.state;
      return settle(job, environment, [createdAtFirst(environment.name)]);
    }
  }

  await request.confirm?.({
    changes: Object.entries(body).map(([key, to]) => ({ path: [key], from: undefined, to })),
  });
  const before = await readFirst(() => namesakes(job, name, request.signal));
  if ('refusal' in before) {
    return before.refusal;
  }
  const attempt: Attempt = { name, knownIds: before.seen.map(({ id }) => id) };
  await request.remember({ attempt });
  const written = await sendOnce(job, attempt);
  switch (written.kind) {
    case 'refused':
      // Nothing is in progress anymore.
      await request.remember({});
      return createRefusal(written.error, { document: request.settings, body }, name);
    case 'absent': {
      const { doubt } = written;
      return notApplied(noNewEnvironment(name, doubt), { action: { kind: 'retry' }, cause: doubt });
    }
    case 'unknown':
      return unconfirmed(name, written);
    case 'there': {
      const { state, doubt } = written;
      const notices = doubt ? [confirmedAfterAll(doubt, 'has the environment')] : [];
      return state.environment
        ? settle(job, state.environment, notices, state.answer)
        : notApplied(noNewEnvironment(name), { action: { kind: 'retry' } });
    }
  }
}

/** Sends the creation. If it is canceled before that, nothing is in progress. @throws Canceled */
async function sendOnce(job: Job, attempt: Attempt): Promise<Written<Found>> {
  const { client, record, place, body, signal, remember } = job;
  try {
    return await write<Found>({
      send: async () => {
        const answer = await record.sending([], () => client.createEnvironment(place, body, signal));
        return { environment: answer, answer };
      },
      ...lookup(job, attempt),
    });
  } catch (error) {
    if (isCanceled(error)) {
      await remember({});
    }
    throw error;
  }
}

/** Looks for what an attempt created. */
const lookup = (job: Job, { name, knownIds }: Attempt): Pick<Write<Found>, 'look' | 'tookSome'> => ({
  look: async () => ({
    environment: (await namesakes(job, name, afterWrite(job.signal))).find(
      ({ id }) => !knownIds.includes(id),
    ),
  }),
  tookSome: ({ environment }) => environment !== undefined,
});

/** The environment exists: announces it once, and reads it. */
async function settle(
  job: Job,
  { id, project_id: projectId, name }: EnvironmentBasic,
  notices: readonly string[],
  answer?: EnvironmentDetail,
): Promise<Outcome<Created>> {
  const { services, place } = job;
  const { connectionId, organizationId } = place;
  await job.remember({ created: { id, projectId } });
  services.receipts.add({ done: receiptOf.create, connectionId, environmentId: id, name });
  services.changes.fire({ kind: 'environments', connectionId, organizationId });
  return finish(job, { id, projectId, organizationId }, notices, answer);
}

/** Reads the server's current state: older servers return less after a creation (API facts 0). */
async function finish(
  { client, body, signal }: Job,
  environment: EnvironmentRef,
  before: readonly string[],
  answer?: EnvironmentDetail,
): Promise<Outcome<Created>> {
  let detail: EnvironmentDetail;
  try {
    detail = await client.getEnvironment(environment, afterWrite(signal));
  } catch (error) {
    if (!isStop(error)) {
      throw error;
    }
    if (!answer) {
      return unknown(createdUnread(environment.id), {
        why: error.message,
        action: actionFor(error),
        cause: error,
      });
    }
    detail = answer;
  }
  const generation = client.profile?.generation ?? 'current';
  const differing = notTaken(body, detail.raw, generation);
  const missed = Object.keys(differing);
  const result: Created = { environment, detail, differing };
  const details = {
    changed: Object.keys(body).filter((key) => !missed.includes(key)),
    notices: [...before, ...reshapedNotice(settingsOutcomes(body, detail.raw, generation, {}), body)],
  };
  return missed.length > 0
    ? partly(keptItsOwn(missed, `the new environment "${detail.name}"`), result, details)
    : applied(isCreated(detail.name), result, details);
}

/** It couldn't be determined whether an attempt created an environment. */
function unconfirmed(
  name: string,
  { error, doubt }: { readonly error: Stop; readonly doubt?: Stop },
): Outcome<never> {
  return unknown(couldNotConfirmCreation(name), {
    why: (doubt ?? error).message,
    action: actionFor(error),
    cause: error,
  });
}

/** The environments with a name; PostHog trims names and ignores case. */
async function namesakes(
  { client, place }: Job,
  name: string,
  signal: AbortSignal,
): Promise<readonly EnvironmentBasic[]> {
  const { organizationId, projectId } = place;
  const nested = projectId !== undefined && client.profile?.generation === 'documented';
  const found: EnvironmentBasic[] = [];
  const read = (offset: number): Promise<Page<EnvironmentBasic>> =>
    nested
      ? client.listEnvironments({ projectId, offset, limit: 200 }, signal)
      : client.listProjects({ organizationId, offset, limit: 200 }, signal);
  for await (const environment of itemsOf(read)) {
    found.push(environment);
  }
  const wanted = name.toLowerCase();
  return found.filter((one) => one.name.trim().toLowerCase() === wanted);
}

function progressOf(progress: JsonObject): v.InferOutput<typeof progressSchema> {
  const parsed = v.safeParse(progressSchema, progress);
  return parsed.success ? parsed.output : {};
}
