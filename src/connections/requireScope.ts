import { PostHogError } from '../posthog/errors';
import type { Connections } from './connections';
import { nothingSent } from '../posthog/outcomePhrases';

/**
 * Reports what the key can't do before it is tried.
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
      what: `The API key of "${connections.get(connectionId)?.label ?? ''}" doesn't have the scope ${scope}.`,
      why: nothingSent,
      remedy:
        'Replace the key with one that has this scope, or add the scope to the key in PostHog and refresh the connection.',
    });
  }
}
