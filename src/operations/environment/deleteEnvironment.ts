import { afterWrite } from '../../posthog/abort';
import type { PostHogClient } from '../../posthog/client';
import { isPostHogError, type Stop } from '../../posthog/errors';
import type { EnvironmentDetail, EnvironmentRef } from '../../posthog/models';
import { deletionReason, type DeletionReason } from '../../posthog/reasons';
import { actionFor } from '../actions';
import { applied, notApplied, type Outcome } from '../outcome';
import { beginOf, Recording } from '../history/recording';
import { couldNotConfirmDeletion, isNotDeleted, refreshToSee, stillThere } from '../phrases/environments';
import { sentences } from '../phrases/sentences';
import { receiptOf } from '../phrases/receipts';
import type { EnvironmentAt, OperationServices } from '../services';
import { absentOutcome, unknownOutcome } from '../save/unsettled';
import { write } from '../write';

/** Whether an environment (still) exists. */
export type Sight = 'gone' | { readonly detail: EnvironmentDetail };

/** The state of an environment that is being deleted. */
export interface Deleted {
  readonly state: 'gone' | 'underWay';
  /** Whether this request started the deletion; otherwise, someone else did earlier. */
  readonly isOurs: boolean;
}

/** The calls that deleting makes. */
type DeletingClient = Pick<PostHogClient, 'deleteEnvironment' | 'getEnvironment'>;

/** @throws PostHogError if the server can't be asked */
export async function lookAtEnvironment(
  client: Pick<PostHogClient, 'getEnvironment'>,
  environment: EnvironmentRef,
  signal: AbortSignal,
): Promise<Sight> {
  try {
    return { detail: await client.getEnvironment(environment, signal) };
  } catch (error) {
    if (isPostHogError(error) && error.kind === 'not-found') {
      return 'gone';
    }
    throw error;
  }
}

/** Announces that an environment is gone. */
export function announceDeletion(
  changes: OperationServices<unknown>['changes'],
  { connectionId, environment }: EnvironmentAt,
): void {
  changes.fire({
    kind: 'environments',
    connectionId,
    organizationId: environment.organizationId,
    removedEnvironmentId: environment.id,
  });
}

/**
 * Deletes an environment. Canceling can't take back a request that was sent; PostHog is then asked for the outcome.
 * After accepting a deletion, PostHog works on it for seconds to hours.
 *
 * @throws Canceled if the user canceled before anything was sent
 */
export async function deleteEnvironment(
  services: OperationServices<DeletingClient>,
  at: EnvironmentAt,
  signal: AbortSignal,
): Promise<Outcome<Deleted>> {
  const { connections, changes, receipts } = services;
  const { connectionId, environment, name } = at;
  const record = new Recording(
    beginOf(services, { connectionId, environment, environmentName: name, kind: 'delete' }),
  );
  const client = await connections.client(connectionId);
  const outcome = await record.of(record.sending([], () => send(client, environment, name, signal)));
  if (outcome.kind === 'applied' && outcome.result.isOurs) {
    receipts.add({
      done: receiptOf.delete,
      connectionId,
      environmentId: environment.id,
      name,
    });
  }
  if (outcome.kind === 'applied' && outcome.result.state === 'gone') {
    announceDeletion(changes, at);
  }
  return outcome;
}

async function send(
  client: DeletingClient,
  environment: EnvironmentRef,
  name: string,
  signal: AbortSignal,
): Promise<Outcome<Deleted>> {
  const written = await write<Deleted>({
    send: async () => {
      await client.deleteEnvironment(environment, signal);
      return { state: 'underWay', isOurs: true };
    },
    look: async () => {
      const seen = await lookAtEnvironment(client, environment, afterWrite(signal));
      const state = seen === 'gone' ? 'gone' : 'underWay';
      return { state, isOurs: seen === 'gone' || seen.detail.is_pending_deletion === true };
    },
    tookSome: ({ isOurs }) => isOurs,
  });
  switch (written.kind) {
    case 'there':
      return applied('', written.state, { cause: written.doubt });
    case 'refused':
      return refused(written.error, name);
    case 'absent': {
      const absent = absentOutcome(written, { instead: stillThere });
      return { ...absent, what: sentences(isNotDeleted(name), absent.what) };
    }
    case 'unknown':
      return unknownOutcome(written, couldNotConfirmDeletion(name), {
        also: refreshToSee,
        action: actionFor(written.doubt ?? written.error),
      });
  }
}

/** The outcome of a refusal. Some mean that the environment is already gone or being deleted. */
function refused(error: Stop, name: string): Outcome<Deleted> {
  if (error.kind === 'not-found') {
    return applied('', { state: 'gone', isOurs: false });
  }
  const reason = deletionReason(error);
  if (reason === 'under-way') {
    return applied('', { state: 'underWay', isOurs: false });
  }
  const remedy = error.kind === 'validation' ? remedies[reason ?? 'unknown'] : error.remedy;
  return notApplied(isNotDeleted(name), {
    why: sentences(error.why, remedy),
    action: actionFor(error),
    cause: error,
  });
}

const remedies: Readonly<Record<Exclude<DeletionReason, 'under-way'> | 'unknown', string>> = {
  subscription:
    "Cancel the subscription on PostHog's billing page first, or create another environment before you delete this one.",
  'disabled-for-now': 'Try again later.',
  'managed-warehouse': 'Detach the managed warehouse in PostHog first.',
  unknown: 'Resolve this in PostHog, then try again.',
};
