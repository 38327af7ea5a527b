import type { ReadingClient } from '../../posthog/client';
import { isStop, PostHogError } from '../../posthog/errors';
import type { EnvironmentDetail } from '../../posthog/models';
import { isCloud } from '../../posthog/origin';
import { lookAtEnvironment, announceDeletion } from './deleteEnvironment';
import { nothingSent } from '../../posthog/outcomePhrases';
import type { EnvironmentAt, OperationServices } from '../services';

/** Whether a deletion can be canceled: `perhaps` if it depends on the server's version. */
type Finality = 'final' | 'scheduled' | 'perhaps';

/** What deleting an environment would do. */
export type DeletionPlan =
  | { readonly kind: 'gone' }
  /** Its deletion was already requested. */
  | { readonly kind: 'underWay'; readonly detail: EnvironmentDetail }
  | {
      readonly kind: 'ready';
      readonly detail: EnvironmentDetail;
      /** Current servers delete the whole project. */
      readonly deletes: 'project' | 'environment';
      readonly finality: Finality;
      /** How many warehouse tables would be deleted; undefined if the key can't tell. */
      readonly tables: number | undefined;
    };

/** The calls that planning makes; none of them deletes. */
type PlanningClient = Pick<ReadingClient, 'profile' | 'getEnvironment' | 'listTables'>;

/** What planning a deletion needs. */
interface PlanServices extends Pick<OperationServices<unknown>, 'changes'> {
  connections: {
    client(connectionId: string): Promise<PlanningClient>;
    get(connectionId: string): { readonly origin: string } | undefined;
  };
}

/**
 * Finds out what deleting an environment would do. Announces it if the environment is already gone.
 *
 * @throws PostHogError if it can't be read, or this key can't delete it
 */
export async function planDeletion(
  { connections, changes }: PlanServices,
  at: EnvironmentAt,
  signal: AbortSignal,
): Promise<DeletionPlan> {
  const { connectionId, environment } = at;
  const client = await connections.client(connectionId);
  const seen = await lookAtEnvironment(client, environment, signal);
  if (seen === 'gone') {
    announceDeletion(changes, at);
    return { kind: 'gone' };
  }
  const { detail } = seen;
  refuseMembers(detail);
  if (detail.is_pending_deletion === true) {
    return { kind: 'underWay', detail };
  }
  const isCurrent = client.profile?.generation === 'current';
  return {
    kind: 'ready',
    detail,
    deletes: isCurrent ? 'project' : 'environment',
    finality: isCurrent ? finalityAt(connections.get(connectionId)?.origin) : 'final',
    tables: await tablesOf(client, environment, signal),
  };
}

/** PostHog Cloud schedules deletions 48 hours ahead (API facts 9.3). */
const finalityAt = (origin = ''): Finality => (isCloud(origin) ? 'scheduled' : 'perhaps');

/** API facts 4.7: admins only. A member with access level admin in the project counts as one (4.3). */
function refuseMembers({
  name,
  effective_membership_level: level,
  user_access_level,
}: EnvironmentDetail): void {
  if (level !== undefined && level < 8 && user_access_level !== 'admin') {
    throw new PostHogError({
      kind: 'forbidden',
      what: `This API key can't delete "${name}": its owner is a member, and only admins can.`,
      why: nothingSent,
      remedy: 'Ask an organization admin.',
    });
  }
}

/** How many tables would be deleted, if the key can tell. */
async function tablesOf(
  client: Pick<ReadingClient, 'listTables'>,
  environment: EnvironmentAt['environment'],
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
    return (await client.listTables(environment, { offset: 0, limit: 1 }, limited)).total;
  } catch (error) {
    if (isStop(error) && !signal.aborted) {
      return undefined;
    }
    throw error;
  }
}
