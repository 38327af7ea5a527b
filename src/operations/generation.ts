import type { ReadingClient } from '../posthog/client';
import type { EnvironmentRef } from '../posthog/models';
import type { Generation } from '../settings/catalogue';

/** A client that knows its server's generation, or can find out. */
export type ProfiledClient = Pick<ReadingClient, 'profile' | 'detect'>;

/** The server generation of an environment, which decides its rules. */
export async function generationOf(
  client: ProfiledClient,
  { id, projectId }: EnvironmentRef,
  signal: AbortSignal,
): Promise<Generation> {
  const profile = client.profile ?? (await client.detect({ projectId, environmentId: id }, signal));
  return profile.generation;
}
