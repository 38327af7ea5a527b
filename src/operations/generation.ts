import type { PostHogClient } from '../posthog/client';
import type { EnvironmentRef } from '../posthog/models';
import type { Generation } from '../settings/catalogue';

/** Which rules the server of an environment has. */
export async function generationOf(
  client: Pick<PostHogClient, 'profile' | 'detect'>,
  { id, projectId }: EnvironmentRef,
  signal: AbortSignal,
): Promise<Generation> {
  const profile = client.profile ?? (await client.detect({ projectId, environmentId: id }, signal));
  return profile.generation;
}
