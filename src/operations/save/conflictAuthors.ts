import type { PostHogClient } from '../../posthog/client';
import { jsonEquals, objectOf, own, type JsonValue } from '../../json/json';
import type { Conflict } from '../../json/merge/merge';
import { keysOf } from '../../json/merge/path';
import { sameValue } from '../../settings/values';
import type { Change } from '../changes';
import { readActivity, type ActivityPlace } from '../history/activityLog';

/** Who made a conflicting change, and when, according to PostHog's activity log. */
export interface ConflictAuthor extends Pick<Conflict, 'path' | 'theirs'> {
  readonly who: string;
  /** An ISO 8601 date-time. */
  readonly at: string;
}

/**
 * Who made the conflicting changes, according to the newest page of the activity log. Values that the last logged
 * change there doesn't explain are left out.
 *
 * @throws PostHogError if the server can't be asked
 */
export async function conflictAuthors(
  client: Pick<PostHogClient, 'listActivityLog' | 'profile'>,
  place: ActivityPlace,
  conflicts: readonly Conflict[],
  signal: AbortSignal,
): Promise<readonly ConflictAuthor[]> {
  const { items } = await readActivity(client, place, undefined, signal);
  return conflicts.flatMap(({ path, theirs }) => {
    const keys = keysOf(path);
    for (const { entry, elsewhere } of items) {
      const changes = entry.changes.filter((change) => touches(change.path, keys));
      if (changes.length > 0) {
        return elsewhere && changes.every((change) => explains(change, keys, path.length, theirs))
          ? [{ path, theirs, who: elsewhere.who, at: entry.startedAt }]
          : [];
      }
    }
    return [];
  });
}

function touches(path: Change['path'], keys: readonly string[]): boolean {
  const length = Math.min(path.length, keys.length);
  return path.slice(0, length).every((key, index) => String(key) === keys[index]);
}

/** Whether a logged change explains a value. One inside the value, or around a part of an array, counts too. */
function explains(
  { path, to }: Change,
  keys: readonly string[],
  depth: number,
  theirs: JsonValue | undefined,
): boolean {
  if (path.length > keys.length || keys.length < depth) {
    return true;
  }
  const value = keys
    .slice(path.length)
    .reduce<JsonValue | undefined>((at, key) => own(objectOf(at), key), to ?? undefined);
  return keys.length === 1
    ? sameValue(String(keys[0]), value ?? null, theirs ?? null)
    : jsonEquals(value ?? null, theirs ?? null);
}
