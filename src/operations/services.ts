import type { RemoteChange } from '../directory/remoteChanges';
import type { Recorder } from './history/history';
import type { EnvironmentRef } from '../posthog/models';

/** Something that was written to PostHog. */
export interface Receipt {
  /** What was done, as it precedes the environment's name: `Saved to`, `Linked orders in`. */
  done: string;
  connectionId: string;
  environmentId: number;
  /** The environment's name, if a newer one is known. */
  name?: string | undefined;
  /** The settings or columns that were written; never their values. */
  keys?: readonly string[];
  /** Someone else's changes that were merged in. */
  merged?: readonly string[];
  /** Whether *Undo Last Save* can take it back. */
  isUndoable?: boolean;
}

/**
 * What an operation needs. Operations announce their changes themselves, so that no caller has to.
 *
 * @template Client the calls it makes
 */
export interface OperationServices<Client> {
  connections: { client(connectionId: string): Promise<Client> };
  /** Receives what changed on the server. */
  changes: { fire(change: RemoteChange): void };
  /** Receives what was written, for the log. */
  receipts: { add(receipt: Receipt): void };
  /** Records what is sent and its outcome. If absent, nothing is recorded, as in tests of what is sent. */
  history?(): Promise<Recorder>;
}

/** Where an environment is. */
export interface EnvironmentAt {
  connectionId: string;
  environment: EnvironmentRef;
  name: string;
}

/** Where a warehouse table is. */
export interface TableAt extends EnvironmentAt {
  tableId: string;
}
