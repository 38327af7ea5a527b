import { isPostHogError } from '../../posthog/errors';
import type { PostHogClient } from '../../posthog/client';
import type { ActivityEntry, EnvironmentRef } from '../../posthog/models';
import type { Generation } from '../../settings/catalogue';
import { sameValue } from '../../settings/values';
import { jsonEquals, type JsonObject } from '../../json/json';
import { settingsChanges, type Change } from '../changes';
import { recorded, valueAt, type HistoryEntry } from './entry';
import { HistoryItem } from './item';

/** An environment whose activity log is read. */
export interface ActivityPlace {
  readonly connectionId: string;
  readonly environment: EnvironmentRef & { readonly name: string };
}

/** A page of an environment's changes, according to PostHog itself. */
export interface Activity {
  readonly items: readonly HistoryItem[];
  readonly nextCursor: string | undefined;
  /** Why there is nothing, if the server doesn't allow it. */
  readonly refusal?: string;
}

/**
 * Reads PostHog's own activity log. It's not an error if the plan or the key doesn't allow this: the rest of the history
 * is still there.
 *
 * @throws PostHogError if the server can't be reached
 */
export async function readActivity(
  client: Pick<PostHogClient, 'listActivityLog' | 'profile'>,
  place: ActivityPlace,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Activity> {
  try {
    const { items, nextCursor } = await client.listActivityLog(place.environment, cursor, signal);
    const generation = client.profile?.generation ?? 'current';
    return {
      items: items.flatMap((one) => itemOf(one, place, generation) ?? []),
      nextCursor,
    };
  } catch (error) {
    const refusal = isPostHogError(error) ? refusals[error.kind] : undefined;
    if (refusal === undefined) {
      throw error;
    }
    return { items: [], nextCursor: undefined, refusal };
  }
}

const noScope =
  "Only changes made from VS Code are shown: the API key doesn't have the scope activity_log:read.";
const refusals: Partial<Record<string, string>> = {
  'payment-required':
    "Only changes made from VS Code are shown: the organization's plan doesn't include PostHog's activity log.",
  'missing-scope': noScope,
  'keys-not-supported':
    "Only changes made from VS Code are shown: this server doesn't allow API keys to read the activity log.",
  'endpoint-missing': 'Only changes made from VS Code are shown: this server has no activity log.',
  forbidden:
    "Only changes made from VS Code are shown: you don't have access to this environment's activity log.",
  'key-restricted': noScope,
};

/** An activity log entry as a history entry; `undefined` if it has no values. */
function itemOf(
  logged: ActivityEntry,
  { connectionId, environment }: ActivityPlace,
  generation: Generation,
): HistoryItem | undefined {
  const { id, created_at, changes } = logged;
  const before: JsonObject = {};
  const after: JsonObject = {};
  for (const { field, before: from, after: to } of changes) {
    if (field !== undefined) {
      before[field] = from ?? null;
      after[field] = to ?? null;
    }
  }
  const entry: HistoryEntry = {
    id: `activity:${id}`,
    startedAt: created_at,
    finishedAt: created_at,
    connectionId,
    environment,
    kind: 'save',
    changes: settingsChanges(before, after, generation).map(recorded),
    outcome: 'applied',
    what: '',
  };
  return entry.changes.length === 0 ? undefined : new HistoryItem(entry, { who: whoOf(logged) });
}

/** Who made a change, by name. */
export function whoOf({ is_system, user }: Pick<ActivityEntry, 'is_system' | 'user'>): string {
  if (is_system) {
    return 'PostHog';
  }
  const name = personName(user ?? {});
  return name === '' ? (user?.email ?? 'someone') : name;
}

/** The full name of a person; empty if there is none. */
export const personName = (person: {
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
}): string => [person.first_name, person.last_name].filter((part) => part?.trim()).join(' ');

/** The maximum difference between the clocks of this computer and the server. */
const clockMs = 120_000;

/** Changes made elsewhere: the activity log without the writes in the history. */
export function withoutOwn(
  activity: readonly HistoryItem[],
  own: readonly HistoryEntry[],
): readonly HistoryItem[] {
  const open = new Set(own);
  return activity.filter((item) => {
    const match = [...open].find((entry) => isSame(entry, item.entry));
    // Each write is logged once: a value that was set twice is in the log twice.
    return !match || !open.delete(match);
  });
}

function isSame(own: HistoryEntry, logged: HistoryEntry): boolean {
  const at = Date.parse(logged.startedAt);
  const isThen =
    at >= Date.parse(own.startedAt) - clockMs && at <= Date.parse(own.finishedAt ?? own.startedAt) + clockMs;
  if (!isThen || own.table || own.environment.id !== logged.environment.id || own.changes.length === 0) {
    return false;
  }
  const after = Object.fromEntries(logged.changes.map(({ path, to }) => [JSON.stringify(path), to]));
  const tops = new Set(logged.changes.map(({ path }) => String(path[0])));
  return own.changes.every((change) => {
    const key = JSON.stringify(change.path);
    return Object.hasOwn(after, key)
      ? sameAs(change, after[key])
      : tops.has(String(change.path[0])) && logged.changes.some((one) => covers(one, change));
  });
}

const sameAs = ({ path, to }: Change, other: Change['to']): boolean =>
  path.length === 1
    ? sameValue(String(path[0]), to ?? null, other ?? null)
    : jsonEquals(to ?? null, other ?? null);

/** Whether a logged change of a whole value includes a change of one of its parts. */
function covers(logged: Change, { path, to }: Change): boolean {
  const { length } = logged.path;
  return (
    length < path.length &&
    logged.path.every((key, index) => String(key) === String(path[index])) &&
    jsonEquals(valueAt({ value: logged.to }, ['value', ...path.slice(length)]) ?? null, to ?? null)
  );
}
