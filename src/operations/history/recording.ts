import type { JsonObject } from '../../json/json';
import { isStop } from '../../posthog/errors';
import type { WarehouseTable } from '../../posthog/models';
import type { Change } from '../changes';
import type { Outcome } from '../outcome';
import { madeOf } from './entry';
import type { OperationServices } from '../services';
import type { KnownLater, NewWrite, WriteUnderWay } from './history';
import type { WriteWindow } from './window';

/** Starts the entry of a write. Absent if nothing is recorded, as in tests of what is sent. */
export type Begin = (changes: readonly Change[]) => Promise<WriteUnderWay>;

/**
 * Starts entries of one kind for one place.
 *
 * @param services of the operation
 */
export const beginOf = (
  { history }: Pick<OperationServices<unknown>, 'history'>,
  write: Omit<NewWrite, 'changes'>,
): Begin | undefined => history && (async (changes) => (await history()).begin({ ...write, changes }));

/** Records what an operation sends as a history entry. One operation, one entry. */
export class Recording {
  /** The server's state around the write, once there is a response. */
  window: WriteWindow | undefined;
  private underWay: WriteUnderWay | undefined;
  private changes: readonly Change[] = [];

  constructor(private readonly begin: Begin | undefined) {}

  /** Sends something after recording that it's being sent. */
  async sending<T>(changes: readonly Change[], send: () => Promise<T>): Promise<T> {
    if (this.begin && !this.underWay) {
      this.changes = changes;
      this.underWay = await this.begin(changes);
    }
    return send();
  }

  /**
   * Awaits the outcome of the operation and records it. If it was canceled before anything was sent, records nothing.
   *
   * @param knownBy what is known only from the outcome
   */
  async of<O extends Outcome<unknown>>(
    operation: Promise<O>,
    knownBy: (outcome: O, changes: readonly Change[]) => KnownLater | undefined = () => undefined,
  ): Promise<O> {
    let outcome: O;
    try {
      outcome = await operation;
    } catch (error) {
      // Any other error is a bug: the entry stays open, and is settled by checking.
      if (isStop(error) && !error.mayHaveBeenApplied) {
        this.underWay?.forget();
      }
      throw error;
    }
    this.underWay?.end(outcome, { ...knownBy(outcome, this.changes), window: this.window });
    return outcome;
  }
}

/** What the server has after a write. */
interface Made {
  readonly document: JsonObject;
  readonly values?: Parameters<typeof madeOf>[2];
}

/**
 * What the outcome of a change set says about the server. If there is no state, or PostHog may still be working on the
 * rest, the write is recorded as sent.
 */
export const madeBy = (outcome: Outcome<Made>, changes: readonly Change[]): KnownLater | undefined =>
  !outcome.isOpen && (outcome.kind === 'applied' || outcome.kind === 'partly')
    ? { changes: madeOf(changes, outcome.result.document, outcome.result.values) }
    : undefined;

/** What an outcome says about a table that was created. */
export const tableOf = (outcome: Outcome<WarehouseTable>): KnownLater | undefined =>
  outcome.kind === 'applied' ? { table: { id: outcome.result.id, name: outcome.result.name } } : undefined;
