import { Cancelled } from '../../connections/failures';
import type { JsonObject } from '../../json/json';
import { isPostHogError } from '../../posthog/errors';
import type { WarehouseTable } from '../../posthog/models';
import type { Change } from '../changes';
import type { Outcome } from '../outcome';
import { madeOf } from './entry';
import type { OperationServices } from '../services';
import type { KnownLater, NewWrite, WriteUnderWay } from './history';
import type { WriteWindow } from './window';

/** Begins the entry of a write. Absent where nothing is kept, as in a test of what is sent. */
export type Begin = (changes: readonly Change[]) => Promise<WriteUnderWay>;

/**
 * Begins entries of one kind at one place.
 *
 * @param services what the operation works with
 */
export const beginOf = (
  { history }: Pick<OperationServices<unknown>, 'history'>,
  write: Omit<NewWrite, 'changes'>,
): Begin | undefined => history && (async (changes) => (await history()).begin({ ...write, changes }));

/** What an operation sends, with an entry of the history around it. One operation, one entry. */
export class Recording {
  /** What was seen around the write, once it was answered. */
  window: WriteWindow | undefined;
  private underWay: WriteUnderWay | undefined;
  private changes: readonly Change[] = [];

  constructor(private readonly begin: Begin | undefined) {}

  /** Sends something once it is kept that it is sent. */
  async sending<T>(changes: readonly Change[], send: () => Promise<T>): Promise<T> {
    if (this.begin && !this.underWay) {
      this.changes = changes;
      this.underWay = await this.begin(changes);
    }
    return send();
  }

  /**
   * Waits for the outcome of the operation and keeps it. Canceled before anything was sent, nothing is kept.
   *
   * @param knownBy what only the outcome says
   */
  async of<O extends Outcome<unknown>>(
    operation: Promise<O>,
    knownBy: (outcome: O, changes: readonly Change[]) => KnownLater | undefined = () => undefined,
  ): Promise<O> {
    let outcome: O;
    try {
      outcome = await operation;
    } catch (error) {
      // Any other error is a mistake of ours: the entry stays without an end, and is settled by asking.
      if (error instanceof Cancelled || (isPostHogError(error) && !error.mayHaveBeenApplied)) {
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

/** What an outcome of a change set says of the server. A write that left nothing is kept as it was sent. */
export const madeBy = (outcome: Outcome<Made>, changes: readonly Change[]): KnownLater | undefined =>
  outcome.kind === 'applied' || outcome.kind === 'partly'
    ? { changes: madeOf(changes, outcome.result.document, outcome.result.values) }
    : undefined;

/** What an outcome says of a table that was made. */
export const tableOf = (outcome: Outcome<WarehouseTable>): KnownLater | undefined =>
  outcome.kind === 'applied' ? { table: { id: outcome.result.id, name: outcome.result.name } } : undefined;
