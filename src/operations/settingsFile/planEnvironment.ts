import { isPostHogError, type PostHogError } from '../../posthog/errors';
import type { ReadingClient } from '../../posthog/client';
import type { EnvironmentDetail, EnvironmentRef } from '../../posthog/models';
import { own, type JsonObject } from '../../json/json';
import { nowhere, withoutText, type DocumentProblem, type JsonPath, type TextSpan } from '../../json/parse';
import type { Generation } from '../../settings/catalogue';
import { checkSettings } from '../../settings/check';
import { settingsDocument } from '../../settings/document';
import { planSettingsChanges, type SettingsChangeSet } from '../changeSet';
import { inParallel } from '../inParallel';
import { throwIfCanceled } from '../write';
import type { FileEnvironment, SettingsFile } from './settingsFile';
import { placeInFile, wantedOf, withWanted } from './wanted';

/** A setting that couldn't be compared. It never counts as equal. */
export interface NotCompared {
  readonly path: JsonPath;
  /** A sentence. */
  readonly why: string;
}

/** What would change to bring an environment in line with the file. */
export interface PlannedEnvironment {
  readonly kind: 'planned';
  readonly target: FileEnvironment;
  readonly environment: EnvironmentRef;
  /** The name on the server. */
  readonly serverName: string;
  /** The server's response, for a rehearsal. */
  readonly raw: JsonObject;
  readonly set: SettingsChangeSet;
  readonly notCompared: readonly NotCompared[];
  /** Positions are in the file. An error keeps the changes from being applied. */
  readonly problems: readonly DocumentProblem[];
}

/** An environment that couldn't be read. */
export interface UnreadableEnvironment {
  readonly kind: 'unreadable';
  readonly target: FileEnvironment;
  readonly error: PostHogError;
}

export type EnvironmentPlan = PlannedEnvironment | UnreadableEnvironment;

/** The calls that planning makes. */
export type PlanningClient = Pick<ReadingClient, 'getEnvironment' | 'profile' | 'detect'>;

/** An environment's current state on its server. */
export interface EnvironmentNow {
  readonly environment: EnvironmentRef;
  readonly generation: Generation;
  readonly detail: EnvironmentDetail;
}

/**
 * Reads an environment of which only the ID is known.
 *
 * @throws PostHogError
 */
export async function readNow(
  client: PlanningClient,
  { id, projectId }: Pick<FileEnvironment, 'id' | 'projectId'>,
  signal: AbortSignal,
): Promise<EnvironmentNow> {
  const detail = await client.getEnvironment({ id, projectId }, signal);
  const environment = { id, projectId: detail.project_id };
  const profile =
    client.profile ?? (await client.detect({ projectId: detail.project_id, environmentId: id }, signal));
  return { environment, generation: profile.generation, detail };
}

/** Plans what brings an environment in line with the file. Settings that aren't in the file stay unchanged. */
export function planEnvironment(
  file: SettingsFile,
  target: FileEnvironment,
  { environment, generation, detail }: EnvironmentNow,
  locate: (path: JsonPath) => TextSpan = nowhere,
): PlannedEnvironment {
  const base = settingsDocument(detail.raw);
  const wanted = wantedOf(file, target);
  const notCompared = Object.keys(wanted)
    .filter((key) => !Object.hasOwn(base, key) && own(wanted, key) !== null)
    .map((key) => ({
      path: [key],
      why: `The server doesn't return "${key}". It may be too old or too new, or the plan may not include it.`,
    }));
  const left = new Set(notCompared.map(({ path }) => path[0]));
  const compared = Object.fromEntries(Object.entries(wanted).filter(([key]) => !left.has(key)));
  const mine = withWanted(base, compared);
  const inFile = (path: JsonPath): TextSpan => locate(placeInFile(file, target, path));
  const set = planSettingsChanges({ environment, generation, base, mine, locate: inFile });
  return planned(target, { environment, detail }, set, { notCompared, locate: inFile });
}

/** A plan of changes to an environment, with its problems. */
export function planned(
  target: FileEnvironment,
  { environment, detail }: Pick<EnvironmentNow, 'environment' | 'detail'>,
  set: SettingsChangeSet,
  {
    notCompared = [],
    locate,
  }: Partial<Pick<PlannedEnvironment, 'notCompared'>> & { locate?: (path: JsonPath) => TextSpan } = {},
): PlannedEnvironment {
  return {
    kind: 'planned',
    target,
    environment,
    serverName: detail.name,
    raw: detail.raw,
    set,
    notCompared,
    problems: problemsOf(set, detail, locate),
  };
}

/** Problems with planned changes, and warnings about them, as far as they can be known in advance. */
function problemsOf(
  { base, mine, body, generation }: SettingsChangeSet,
  detail: EnvironmentDetail,
  locate: (path: JsonPath) => TextSpan = nowhere,
): readonly DocumentProblem[] {
  const problems = checkSettings(withoutText(mine, locate), {
    base,
    generation,
    membershipLevel: detail.effective_membership_level,
    userAccessLevel: detail.user_access_level,
  });
  return [...problems.filter(({ severity }) => severity !== 'information'), ...rounded(body, locate)];
}

/** Node 20 rounds integers of more than 53 bits, so unchanged parts of a sent value could change. */
function rounded(body: JsonObject, locate: (path: JsonPath) => TextSpan): readonly DocumentProblem[] {
  return Object.entries(body)
    .filter(([, value]) => hasRounded(value))
    .map(([key]) => ({
      path: [key],
      ...locate([key]),
      severity: 'error' as const,
      code: 'inexact-number',
      message: `"${key}" has a number that this version of Node.js rounds. Use Node.js 22 or later.`,
    }));
}

function hasRounded(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isInteger(value) && !Number.isSafeInteger(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(hasRounded);
}

/**
 * Reads the environments of a file, a few at a time, and plans each.
 *
 * @param clientOf finds the client for an environment. @throws PostHogError if there is none
 * @throws Canceled
 */
export async function planFile(
  file: SettingsFile,
  targets: readonly FileEnvironment[],
  clientOf: (target: FileEnvironment) => Promise<PlanningClient>,
  { signal, locate }: { signal: AbortSignal; locate?: ((path: JsonPath) => TextSpan) | undefined },
): Promise<readonly EnvironmentPlan[]> {
  return inParallel(targets, async (target): Promise<EnvironmentPlan> => {
    try {
      const now = await readNow(await clientOf(target), target, signal);
      return planEnvironment(file, target, now, locate);
    } catch (error) {
      throwIfCanceled(error);
      if (!isPostHogError(error)) {
        throw error;
      }
      return { kind: 'unreadable', target, error };
    }
  });
}

/** Whether an environment matches the file, as far as the file says anything. */
export const isInLine = (plan: EnvironmentPlan): boolean =>
  plan.kind === 'planned' && plan.set.changes.length === 0 && plan.notCompared.length === 0;
