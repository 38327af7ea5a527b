import * as v from 'valibot';
import { afterWrite } from '../posthog/abort';
import type { PostHogClient } from '../posthog/client';
import { isPostHogError, type PostHogError } from '../posthog/errors';
import type { EnvironmentBasic, EnvironmentDetail, EnvironmentRef, Page } from '../posthog/models';
import { itemsOf } from '../posthog/paging';
import { settingsOutcomes } from '../settings/answer';
import type { JsonObject } from '../json/json';
import { checkNewEnvironment, newEnvironmentBody, notTaken } from '../settings/newEnvironment';
import type { JsonPath, ValidDocument } from '../json/parse';
import { actionFor } from './actions';
import { reshapedNotice } from './applySteps';
import { named, pathName, problemAt, refusedPaths } from './refusedPlaces';
import { readable, readBefore } from './saveSteps';
import { SaveRefused, type ConfirmSave } from './saveRefused';

/** Where an environment is created. */
export interface CreatePlace {
  organizationId: string;
  /** On documented servers, the project that is to hold it. */
  projectId?: number;
}

/** A draft that is saved. */
export interface CreateRequest {
  client: PostHogClient;
  place: CreatePlace;
  text: string;
  /** What earlier saves of this draft left: see {@link CreateRequest.remember}. */
  base: JsonObject;
  signal: AbortSignal;
  /**
   * Keeps what the next save must know, also over a reload: an attempt is on its way, or the environment is there.
   * It becomes {@link base} of that save.
   */
  remember(base: JsonObject): Promise<void>;
  /** Called once the draft is known to be good and before anything is sent. What it throws ends the save. */
  confirm?: ConfirmSave;
}

/** An environment that a draft has become. */
export interface Created {
  environment: EnvironmentRef;
  detail: EnvironmentDetail;
  /** What the draft says and the server did not take, by key. */
  differing: JsonObject;
  notices: readonly string[];
}

const progressSchema = v.object({
  /** A creation whose outcome nobody has seen, and the environments that had its name before it was sent. */
  attempt: v.exactOptional(v.object({ name: v.string(), knownIds: v.array(v.number()) })),
  created: v.exactOptional(v.object({ id: v.number(), projectId: v.number() })),
});
type Attempt = NonNullable<v.InferOutput<typeof progressSchema>['attempt']>;

/**
 * Creates the environment that a draft describes, once: an outcome that could not be seen is looked up on the server
 * by the name before anything is sent again, and a draft that has become an environment creates no second one.
 *
 * @throws SaveRefused whenever there is no environment afterwards, or nobody knows.
 */
export async function createEnvironment(request: CreateRequest): Promise<Created> {
  const { client, place, text, signal, remember } = request;
  const generation = client.profile?.generation ?? 'current';
  const document = readable(text, (one) => checkNewEnvironment(one, generation));
  const body = newEnvironmentBody(document.value, generation);
  const name = typeof body.name === 'string' ? body.name.trim() : '';

  const { attempt: open, created } = progressOf(request.base);
  if (created) {
    return finish(request, created, body, []);
  }
  if (open) {
    const found = await findAttempt(request, open);
    if (found) {
      return adoptAttempt(request, found, body, [
        `PostHog had created "${found.name}" at the first attempt, so nothing was sent again.`,
      ]);
    }
  }

  await request.confirm?.({
    changes: Object.entries(body).map(([key, to]) => ({ path: [key], from: undefined, to })),
  });
  const attempt: Attempt = {
    name,
    knownIds: idsOf(await readBefore(() => namesakes(request, name, signal))),
  };
  await remember({ attempt });
  let answer: EnvironmentDetail;
  try {
    answer = await client.createEnvironment(place, body, signal);
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!error.mayHaveBeenApplied) {
      throw refusalOf(error, document, body, name);
    }
    const found = await findAttempt(request, attempt, error);
    if (!found) {
      throw new SaveRefused(
        `Save again in a moment: ${error.what} PostHog was asked, and there is no new environment "${name}" yet. It will be looked for again before anything is sent, so that it is not created twice.`,
        { action: { kind: 'retry' }, base: { attempt }, cause: error },
      );
    }
    return adoptAttempt(request, found, body, [
      `${error.what} PostHog was asked again and has the environment.`,
    ]);
  }
  const environment = refOf(answer, place);
  await remember({ created: { id: environment.id, projectId: environment.projectId } });
  return finish(request, environment, body, [], answer);
}

async function adoptAttempt(
  request: CreateRequest,
  found: EnvironmentBasic,
  body: JsonObject,
  notices: readonly string[],
): Promise<Created> {
  const environment = refOf(found, request.place);
  await request.remember({ created: { id: environment.id, projectId: environment.projectId } });
  return finish(request, environment, body, notices);
}

/** Reads what the server has now: the answer to a creation is shorter on older servers (API facts 0). */
async function finish(
  { client, place, signal }: CreateRequest,
  { id, projectId }: EnvironmentRef,
  body: JsonObject,
  notices: readonly string[],
  answer?: EnvironmentDetail,
): Promise<Created> {
  const environment = { id, projectId, organizationId: place.organizationId };
  let detail: EnvironmentDetail;
  try {
    detail = await client.getEnvironment(environment, afterWrite(signal));
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!answer) {
      throw new SaveRefused(
        `Save again when PostHog answers: the environment ${id} was created, but it cannot be read. ${error.message}`,
        { action: actionFor(error), cause: error },
      );
    }
    detail = answer;
  }
  const generation = client.profile?.generation ?? 'current';
  return {
    environment,
    detail,
    differing: notTaken(body, detail.raw, generation),
    notices: [...notices, ...reshapedNotice(settingsOutcomes(body, detail.raw, generation, {}), body)],
  };
}

/** The environment that an attempt has made, if it has. */
async function findAttempt(
  request: CreateRequest,
  attempt: Attempt,
  failure?: PostHogError,
): Promise<EnvironmentBasic | undefined> {
  try {
    return (await namesakes(request, attempt.name, afterWrite(request.signal))).find(
      ({ id }) => !attempt.knownIds.includes(id),
    );
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    const why = failure ?? error;
    throw new SaveRefused(
      `Save again when PostHog can be reached: whether it has created "${attempt.name}" is unknown, and it could not be asked. It will be asked before anything is sent again. ${why.message}`,
      { action: actionFor(error), base: { attempt }, cause: error },
    );
  }
}

/** The environments of the place that have a name; PostHog trims names and compares them without case. */
async function namesakes(
  { client, place }: CreateRequest,
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

const idsOf = (environments: readonly EnvironmentBasic[]): number[] => environments.map(({ id }) => id);

const refOf = ({ id, project_id }: EnvironmentBasic, { organizationId }: CreatePlace): EnvironmentRef => ({
  id,
  projectId: project_id,
  organizationId,
});

function progressOf(base: JsonObject): v.InferOutput<typeof progressSchema> {
  const parsed = v.safeParse(progressSchema, base);
  return parsed.success ? parsed.output : {};
}

const planLimit = /maximum limit of allowed (\w+)/i;
const adminsOnly = /only organization admins can set these settings on project creation: (.*)/i;
const noRight = /organization admin or above|sufficient permissions/i;

/** Why the server did not create it, with the spot in the document where that is known (API facts 4.6). */
function refusalOf(
  error: PostHogError,
  document: ValidDocument,
  body: JsonObject,
  name: string,
): SaveRefused {
  const detail = error.detail ?? '';
  const refuse = (message: string, paths: readonly JsonPath[] = []): SaveRefused =>
    new SaveRefused(message, {
      action: actionFor(error),
      problems: paths.map((path) => problemAt(document, path, detail === '' ? message : detail)),
      // Nothing is under way any more.
      base: {},
      cause: error,
    });
  if (error.kind === 'conflict') {
    return refuse(
      `Choose another name: the organization already has an environment called "${name}". Nothing was created.`,
      [['name']],
    );
  }
  if (error.kind === 'forbidden') {
    const limited = planLimit.exec(detail)?.[1];
    if (limited !== undefined) {
      return refuse(
        `Change the plan in PostHog's billing, or delete an environment that is not needed: the plan of this organization allows no more ${limited}. Nothing was created.`,
      );
    }
    const keys = adminsOnly.exec(detail)?.[1]?.match(/\w+/g);
    if (keys) {
      return refuse(
        `Remove ${new Intl.ListFormat('en').format(keys)}, or ask an administrator: only organization admins may set this on creation. Nothing was created.`,
        keys.map((key) => [key]),
      );
    }
    if (noRight.test(detail)) {
      return refuse(
        'Ask an administrator of the organization to create it, or to make you one: your role there may not create environments. Nothing was created.',
      );
    }
  }
  const paths = refusedPaths(error, { document: document.value, body });
  return refuse(named(error, paths.map(pathName)).message, paths);
}
