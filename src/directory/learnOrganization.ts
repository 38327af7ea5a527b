import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Log } from '../connections/ports';
import type { ReadingClient } from '../posthog/client';
import { isPostHogError } from '../posthog/errors';
import type { EnvironmentRef } from '../posthog/models';
import { organizationNameOf, type KnownOrganizations } from './organizationName';

/** What asking for a name needs. */
interface Services {
  readonly connections: { client(connectionId: string): Promise<Pick<ReadingClient, 'getOrganization'>> };
  readonly directory: KnownOrganizations;
  readonly marks: Pick<EnvironmentMarks, 'see'>;
  readonly log: Pick<Log, 'info'>;
}

/**
 * Asks the server for the name of an environment's organization unless it's known, because prompts name it: settings
 * files, proposals and the history lead to environments that the tree hasn't listed. If the server doesn't say, prompts
 * do without.
 *
 * @param at with the environment's last known name
 * @param organizationId as the server gave it; `undefined` if it didn't
 */
export async function learnOrganization(
  { connections, directory, marks, log }: Services,
  at: { readonly connectionId: string; readonly environment: EnvironmentRef; readonly name: string },
  organizationId: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { connectionId, environment } = at;
  if (organizationId === undefined || organizationNameOf(directory, at) !== undefined) {
    return;
  }
  try {
    const client = await connections.client(connectionId);
    const { name } = await client.getOrganization(organizationId, signal);
    marks.see(connectionId, environment.id, at.name, name);
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    log.info(`Couldn't read the name of an organization: ${error.kind}.`);
  }
}
