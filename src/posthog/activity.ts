import { isJsonObject } from '../json/json';
import type { ActivityPage, EnvironmentRef, ServerProfile } from './models';
import { readRows } from './readers';
import type { Requester } from './request';
import { readActivityEntry } from './resultReaders';
import { environmentPath, segment } from './routes';

/**
 * Reads a page of the activity log (API facts 5.5).
 *
 * @param cursor from the previous page
 */
export async function listActivity(
  http: Requester,
  profile: ServerProfile,
  ref: EnvironmentRef,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<ActivityPage> {
  // The projects route is the documented one, but doesn't know additional environments of a project.
  const path =
    ref.id === ref.projectId
      ? `/api/projects/${segment(ref.id)}/activity_log/`
      : environmentPath(profile, ref, 'activity_log');
  const call = {
    method: 'GET' as const,
    path,
    query: { scope: 'Team', item_id: ref.id, cursor },
    signal,
  };
  const { status, json } = await http.send(call);
  const rows = isJsonObject(json) ? json.results : undefined;
  if (!isJsonObject(json) || !Array.isArray(rows)) {
    throw http.unexpected(call, status, "It isn't a list.");
  }
  return { ...readRows(rows, readActivityEntry), nextCursor: cursorOf(json.next, http.origin) };
}

/** Uses only the cursor of a `next` link, never its address, which may have a different host (API facts 1.7). */
function cursorOf(next: unknown, origin: string): string | undefined {
  return typeof next === 'string' && URL.canParse(next, origin)
    ? (new URL(next, origin).searchParams.get('cursor') ?? undefined)
    : undefined;
}
