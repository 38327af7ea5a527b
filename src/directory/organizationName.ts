import type { EnvironmentRef } from '../posthog/models';
import type { Directory } from './directory';
import { entryAround } from './entries';

/** Where an environment is. */
interface At {
  readonly connectionId: string;
  readonly environment: EnvironmentRef;
}

/** The name of an environment's organization, if it's known without a request. */
export function organizationNameOf(
  directory: Pick<Directory, 'known'>,
  { connectionId, environment: { id, organizationId } }: At,
): string | undefined {
  const known = directory.known(connectionId);
  const entry = known.find((one) => one.kind === 'environment' && one.environmentId === id);
  const around =
    entryAround(entry, 'organization') ??
    known.find((one) => one.kind === 'organization' && one.organizationId === organizationId);
  return around?.kind === 'organization' ? around.organization.name : undefined;
}

/** `Hedgehog Outfitters · Work`: an environment's organization and connection, for a heading. */
export const aroundText = (directory: Pick<Directory, 'known'>, at: At, connection: string): string =>
  [organizationNameOf(directory, at), connection].filter((part) => part !== undefined).join(' · ');
