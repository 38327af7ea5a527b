import { PostHogError } from '../posthog/errors';
import type { Connections } from './connections';

/**
 * Says before it is tried what the key may not do.
 *
 * @throws PostHogError `missing-scope`
 */
export function requireScope(
  connections: Pick<Connections, 'get' | 'may'>,
  connectionId: string,
  scope: string,
): void {
  if (connections.may(connectionId, scope) === false) {
    throw new PostHogError({
      kind: 'missing-scope',
      connectionId,
      scope,
      what: `The API key of "${connections.get(connectionId)?.label ?? ''}" does not have the scope ${scope}.`,
      why: 'Nothing was sent.',
      remedy:
        'Replace the key by one that has it, or add the scope to the key in PostHog and refresh the connection.',
    });
  }
}
