import { readOnlyError } from '../posthog/errors';
import type { EnvironmentAt } from '../operations/services';
import type { CommandServices } from './command';
import { whereText } from './placeNames';

/**
 * Reports that an environment is read-only before anything is asked. The request would be refused, too.
 *
 * @throws PostHogError `read-only`
 */
export async function requireWritable(
  services: CommandServices,
  places: readonly Pick<EnvironmentAt, 'connectionId' | 'environment'>[],
): Promise<void> {
  const { connections, marks } = services;
  await marks.known();
  const ids = new Set(places.map(({ connectionId, environment }) => `${connectionId}/${environment.id}`));
  for (const place of places) {
    const reason = connections.whyReadOnly(place.connectionId, place.environment.id);
    if (reason) {
      const what = ids.size > 1 ? `${whereText(services, place)}: ${reason.what}` : reason.what;
      throw readOnlyError({ ...reason, what });
    }
  }
}
