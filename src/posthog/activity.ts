import { isJsonObject } from '../settings/json';
import type { ActivityPage, EnvironmentRef, ServerProfile } from './models';
import { readActivityEntry, readRows } from './readers';
import type { Requester } from './request';
import { segment } from './routes';

/**
 * Reads a page of the activity log (API facts 5.5). The log belongs to the project, its entries to the environment.
 *
 * @param cursor from the page before.
 */
export async function listActivity(
  http: Requester,
  profile: ServerProfile,
  ref: EnvironmentRef,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<ActivityPage> {
  const owner = profile.generation === 'documented' ? ref.projectId : ref.id;
  const call = {
    method: 'GET' as const,
    path: `/api/projects/${segment(owner)}/activity_log/`,
    query: { scope: 'Team', item_id: ref.id, cursor },
    signal,
  };
  const { status, json } = await http.send(call);
  const rows = isJsonObject(json) ? json.results : undefined;
  if (!isJsonObject(json) || !Array.isArray(rows)) {
    throw http.unexpected(call, status, 'The answer is not a list.');
  }
  return { ...readRows(rows, readActivityEntry), nextCursor: cursorOf(json.next, http.origin) };
}

/** Only the cursor of a `next` link is used, never its address: it may name another host (API facts 1.7). */
function cursorOf(next: unknown, origin: string): string | undefined {
  return typeof next === 'string' && URL.canParse(next, origin)
    ? (new URL(next, origin).searchParams.get('cursor') ?? undefined)
    : undefined;
}
