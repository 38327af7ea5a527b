import type { PostHogClient } from '../posthog/client';
import { isPostHogError, type PostHogError } from '../posthog/errors';
import type { EnvironmentBasic } from '../posthog/models';
import type { ListPage } from './pagedList';

/** Environments that are loaded one by one, with a request each. */
const mostScoped = 200;
const scopedAtOnce = 10;

/** A project-scoped key can't list anything: its environments are loaded one by one (API facts 1.4). */
export async function scopedEnvironments(
  client: PostHogClient,
  teams: readonly number[],
  signal: AbortSignal,
): Promise<ListPage<EnvironmentBasic>> {
  const refused = new Map<number, PostHogError>();
  const look = async (id: number): Promise<EnvironmentBasic[]> => {
    try {
      return [await client.getEnvironment({ id, projectId: id }, signal)];
    } catch (error) {
      if (!isPostHogError(error) || !['not-found', 'forbidden', 'key-restricted'].includes(error.kind)) {
        throw error;
      }
      // The key outlives a deleted environment.
      if (error.kind !== 'not-found') {
        refused.set(id, error);
      }
      return [];
    }
  };
  const items: EnvironmentBasic[] = [];
  const asked = teams.slice(0, mostScoped);
  for (let start = 0; start < asked.length; start += scopedAtOnce) {
    const found = await Promise.all(asked.slice(start, start + scopedAtOnce).map(look));
    items.push(...found.flat());
  }
  const [refusal] = refused.values();
  if (refusal && items.length === 0) {
    throw refusal;
  }
  return {
    items,
    total: items.length,
    nextOffset: undefined,
    unreadable: 0,
    refused: [...refused.keys()],
    left: teams.length - asked.length,
  };
}
