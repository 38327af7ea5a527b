import * as v from 'valibot';
import { isCancelled } from '../connections/failures';
import { afterWrite } from '../posthog/abort';
import type { PostHogClient } from '../posthog/client';
import { isPostHogError, type PostHogError } from '../posthog/errors';
import type { EnvironmentBasic, EnvironmentDetail, EnvironmentRef, Page } from '../posthog/models';
import { itemsOf } from '../posthog/paging';
import { settingsOutcomes } from '../settings/answer';
import type { JsonObject } from '../json/json';
import { newEnvironmentBody, notTaken } from '../settings/newEnvironment';
import { actionFor } from './actions';
import { readFirst, reshapedNotice, type Confirm } from './applySteps';
import { createRefusal } from './createRefusal';
import { beginOf, Recording } from './history/recording';
import { applied, notApplied, partly, unknown, type Outcome } from './outcome';
import {
  confirmedAfterAll,
  couldNotConfirmCreation,
  createdAtFirst,
  createdUnread,
  isCreated,
  keptItsOwn,
  noNewEnvironment,
} from './phrases';
import type { OperationServices } from './services';
import { ask, write, type Write, type Written } from './write';

/** Where an environment is created. */
export interface CreatePlace {
  readonly connectionId: string;
  readonly organizationId: string;
  /** On documented servers, the project that is to hold it. */
  readonly projectId?: number;
}

/** What a creation needs of a client. */
export type CreatingClient = Pick<
  PostHogClient,
  'profile' | 'createEnvironment' | 'getEnvironment' | 'listProjects' | 'listEnvironments'
>;

/** What an environment is created from. */
export interface CreateRequest {
  readonly settings: JsonObject;
  /** What earlier attempts left: see {@link CreateRequest.remember}. */
  readonly progress: JsonObject;
  readonly signal: AbortSignal;
  /**
   * Keeps what the next attempt must know, also over a reload: one is on its way, or the environment is there. It
   * becomes the {@link progress} of that attempt.
   */
  remember(progress: JsonObject): Promise<void>;
  /** Called before anything is sent. What it throws ends it. */
  readonly confirm?: Confirm | undefined;
}

/** An environment that was created. */
export interface Created {
  readonly environment: EnvironmentRef;
  readonly detail: EnvironmentDetail;
  /** What was wanted and the server did not take, by key. */
  readonly differing: JsonObject;
}

const progressSchema = v.object({
  /** A creation whose outcome nobody has seen, and the environments that had its name before it was sent. */
  attempt: v.exactOptional(v.object({ name: v.string(), knownIds: v.array(v.number()) })),
  created: v.exactOptional(v.object({ id: v.number(), projectId: v.number() })),
});
type Attempt = NonNullable<v.InferOutput<typeof progressSchema>['attempt']>;

/** One creation under way. */
interface Job extends CreateRequest {
  readonly record: Recording;
  readonly services: OperationServices<CreatingClient>;
  readonly client: CreatingClient;
  readonly place: CreatePlace;
  readonly body: JsonObject;
}

/** What has the name of an attempt and was not there before it. `isWhole`: as the server answered the creation. */
interface Found {
  readonly environment: EnvironmentBasic | undefined;
  readonly answer?: EnvironmentDetail;
}

/**
 * Creates an environment, once: an outcome that could not be seen is looked up on the server by the name before anything
 * is sent again, and what has become an environment creates no second one.
 *
 * @returns `partly` when the server did not take all of the settings
 * @throws Cancelled when the person canceled before anything was sent
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
      // Which it will be, only the answer says.
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
      // Nothing is under way any more.
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

/** Sends the creation. Canceled before it was sent, nothing is under way. @throws Cancelled */
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
    if (isCancelled(error)) {
      await remember({});
    }
    throw error;
  }
}

/** Looks for what an attempt has made. */
const lookup = (job: Job, { name, knownIds }: Attempt): Pick<Write<Found>, 'look' | 'tookSome'> => ({
  look: async () => ({
    environment: (await namesakes(job, name, afterWrite(job.signal))).find(
      ({ id }) => !knownIds.includes(id),
    ),
  }),
  tookSome: ({ environment }) => environment !== undefined,
});

/** The environment is there: says so, once, and reads what it has. */
async function settle(
  job: Job,
  { id, project_id: projectId, name }: EnvironmentBasic,
  notices: readonly string[],
  answer?: EnvironmentDetail,
): Promise<Outcome<Created>> {
  const { services, place } = job;
  const { connectionId, organizationId } = place;
  await job.remember({ created: { id, projectId } });
  services.receipts.add({ done: 'Created', connectionId, environmentId: id, name });
  services.changes.fire({ kind: 'environments', connectionId, organizationId });
  return finish(job, { id, projectId, organizationId }, notices, answer);
}

/** Reads what the server has now: the answer to a creation is shorter on older servers (API facts 0). */
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
    if (!isPostHogError(error)) {
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

/** Nobody could be asked whether an attempt has made an environment. */
function unconfirmed(
  name: string,
  { error, doubt }: { readonly error: PostHogError; readonly doubt?: PostHogError },
): Outcome<never> {
  return unknown(couldNotConfirmCreation(name), {
    why: (doubt ?? error).message,
    action: actionFor(error),
    cause: error,
  });
}

/** The environments of the place that have a name; PostHog trims names and compares them without case. */
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
