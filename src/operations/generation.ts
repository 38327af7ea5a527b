import type { ReadingClient } from '../posthog/client';
import type { EnvironmentRef } from '../posthog/models';
import type { Generation } from '../settings/catalogue';

/** A client that knows which PostHog it speaks to, or can find out. */
export type ProfiledClient = Pick<ReadingClient, 'profile' | 'detect'>;

/** Which rules the server of an environment has. */
export async function generationOf(
  client: ProfiledClient,
  { id, projectId }: EnvironmentRef,
  signal: AbortSignal,
): Promise<Generation> {
  const profile = client.profile ?? (await client.detect({ projectId, environmentId: id }, signal));
  return profile.generation;
}
