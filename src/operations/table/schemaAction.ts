import { isCanceled } from '../../connections/failures';
import type { PostHogClient } from '../../posthog/client';
import type { Stop } from '../../posthog/errors';
import type { SchemaAction, WarehouseTable } from '../../posthog/models';
import { refusedBefore } from '../../posthog/schemaActions';
import { unknown, type NotApplied, type Unknown } from '../outcome';
import { acceptedUnconfirmed, couldNotConfirm, nothingChanged, whether } from '../phrases/writes';
import { refused } from '../refused';
import type { OperationServices, TableAt } from '../services';
import { unknownOutcome } from '../save/unsettled';
import type { Written } from '../write';

/** An action on the columns of a table. */
type SchemaServices<Client> = OperationServices<Client> & {
  connections: { get(connectionId: string): { label: string } | undefined };
};

/** What every action on columns needs. */
export type SchemaActionServices<Call extends 'updateSchema' | 'refreshSchema'> = SchemaServices<
  Pick<PostHogClient, Call | 'getTable' | 'takesKeysFor'>
>;

/** The outcome if the server is known to refuse this action to every API key. */
export async function refusalKnown(
  { connections }: Pick<SchemaServices<Pick<PostHogClient, 'takesKeysFor'>>, 'connections'>,
  connectionId: string,
  action: SchemaAction,
): Promise<Stop | undefined> {
  const client = await connections.client(connectionId);
  return client.takesKeysFor(action) === false
    ? refusedBefore(action, connections.get(connectionId)?.label ?? '')
    : undefined;
}

/** A refusal of an action on columns. */
export const refusedAction = (error: Stop): NotApplied =>
  refused(error, error.kind === 'keys-not-supported' ? nothingChanged : '');

/**
 * An action on columns with an unknown outcome.
 *
 * @param interruption what to say if that is because the user canceled
 */
export function unconfirmed(
  name: string,
  written: Extract<Written<unknown>, { kind: 'unknown' }>,
  interruption: string,
): Unknown {
  const { error, doubt } = written;
  if (isCanceled(error)) {
    return unknown(interruption, { action: { kind: 'checkAgain' }, cause: error });
  }
  const change = `the change to ${name}`;
  return unknownOutcome(
    written,
    doubt
      ? couldNotConfirm('Refresh the table', whether.saved(change))
      : acceptedUnconfirmed('Refresh the table', change),
  );
}

/** Reads a table again, and announces its state. */
export async function lookAtTable(
  { connections, changes }: Omit<OperationServices<Pick<PostHogClient, 'getTable'>>, 'receipts'>,
  { connectionId, environment, tableId }: TableAt,
  signal: AbortSignal,
): Promise<WarehouseTable> {
  const client = await connections.client(connectionId);
  const table = await client.getTable(environment, tableId, signal);
  changes.fire({ kind: 'table', connectionId, environment, table });
  return table;
}
