import type { Disposable, Log } from '../../connections/ports';
import { isPostHogError } from '../../posthog/errors';
import type { PostHogClient } from '../../posthog/client';
import type { JsonObject } from '../../json/json';
import { tableDocument } from '../../warehouse/tableDocument';
import { stateOfLostWrite, unconfirmedAtExit } from '../phrases/history';
import { sentences } from '../phrases/sentences';
import type { HistoryEntry } from './entry';
import type { History } from './history';
import { titleOf } from './item';
import { isComparable, seenIn, type Seen } from './seen';

/** How many of the newest entries are checked: unfinished ones are among the last. */
const lookedThrough = 50;

interface SettleServices {
  readonly history: History;
  readonly connections: { client(id: string): Promise<Pick<PostHogClient, 'getEnvironment' | 'getTable'>> };
  readonly log: Log;
  /** How long a request may take: until then, another window may still be waiting for its response. */
  timeLimitMs(): number;
  /** Whether a process still exists. */
  isRunning(processId: number): boolean;
  /** Shows the user what happened to a write. */
  notify(severity: 'information' | 'warning', message: string): unknown;
}

/**
 * Finds out what happened to writes whose response was lost, because the window or the computer went down. Checks when
 * the user looks at what they changed; never at the start.
 */
export class Unanswered implements Disposable {
  /** Places that are being checked, or have been and had nothing unfinished. */
  private readonly looked = new Map<string, Promise<void>>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(private readonly services: SettleServices) {}

  /** Checks the writes to an environment, or to all environments of a connection, once. */
  look(connectionId: string, environmentId?: number): Promise<void> {
    const key = `${connectionId}/${environmentId ?? ''}`;
    const known = this.looked.get(key) ?? this.looked.get(`${connectionId}/`);
    if (known) {
      return known;
    }
    const looking = this.run(connectionId, environmentId)
      .catch((error: unknown) => {
        // Nobody is waiting for it; it's retried at the next opportunity.
        this.services.log.error(error instanceof Error ? error : String(error));
        return false;
      })
      .then((areAllSettled) => {
        if (!areAllSettled) {
          this.looked.delete(key);
        }
      });
    this.looked.set(key, looking);
    return looking;
  }

  dispose(): void {
    for (const timer of this.timers) {
      clearTimeout(timer);
    }
  }

  private async run(connectionId: string, environmentId: number | undefined): Promise<boolean> {
    const { history } = this.services;
    const { entries } = await history.list({ connectionIds: [connectionId] }, lookedThrough);
    const open = entries.filter(
      (entry) =>
        entry.finishedAt === undefined &&
        !history.isUnderWay(entry) &&
        (environmentId === undefined || entry.environment.id === environmentId),
    );
    const settled = [];
    // One by one: there's hardly ever more than one.
    for (const entry of open) {
      settled.push(!this.isElsewhere(entry) && (await this.settle(entry)));
    }
    return settled.every(Boolean);
  }

  /** Whether another window is probably still waiting for the response, and will report it. */
  private isElsewhere({ processId, startedAt }: HistoryEntry): boolean {
    return (
      processId !== undefined &&
      Date.now() - Date.parse(startedAt) < longestMs &&
      this.services.isRunning(processId)
    );
  }

  /** @returns whether the outcome is known now */
  private async settle(entry: HistoryEntry): Promise<boolean> {
    const { history, log, notify, timeLimitMs } = this.services;
    let seen: Seen;
    try {
      seen = await this.ask(entry);
    } catch (error) {
      if (!isPostHogError(error)) {
        throw error;
      }
      log.info(`Couldn't check a write without a response: ${error.message}`);
      return false;
    }
    const ageMs = Date.now() - Date.parse(entry.startedAt);
    const stillMs = timeLimitMs() + clockMs - ageMs;
    if (seen.outcome === 'notApplied' && stillMs > 0) {
      // Another window may still be waiting for the response. Checks again when that's no longer possible.
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.look(entry.connectionId, entry.environment.id);
      }, stillMs);
      this.timers.add(timer);
      return false;
    }
    await history.complete(entry, seen.outcome, seen.what);
    const isGood = seen.outcome === 'applied';
    // Not awaited: the user may leave the notification open.
    void notify(isGood ? 'information' : 'warning', sentences(unanswered(entry), seen.what));
    return true;
  }

  private async ask(entry: HistoryEntry): Promise<Seen> {
    const { connectionId, environment, table, kind, changes } = entry;
    const client = await this.services.connections.client(connectionId);
    const { signal } = new AbortController();
    if (kind !== 'delete' && !isComparable(changes)) {
      return { outcome: 'unknown', what: stateOfLostWrite.unknowable };
    }
    let now: JsonObject | undefined;
    try {
      now = table
        ? tableDocument((await client.getTable(environment, table.id, signal)).raw)
        : (await client.getEnvironment(environment, signal)).raw;
    } catch (error) {
      if (!(isPostHogError(error) && error.kind === 'not-found')) {
        throw error;
      }
    }
    if (kind === 'delete') {
      const isGone = now === undefined || now.is_pending_deletion === true;
      return isGone
        ? { outcome: 'applied', what: stateOfLostWrite.deleted }
        : { outcome: 'notApplied', what: stateOfLostWrite.notDeleted };
    }
    if (!now) {
      return { outcome: 'unknown', what: stateOfLostWrite.gone };
    }
    return seenIn(now, changes);
  }
}

/** No write takes longer: uploads may take 15 minutes. */
const longestMs = 20 * 60_000;

/** The maximum time between the start of a request and its entry. */
const clockMs = 15_000;

const unanswered = (entry: HistoryEntry): string => unconfirmedAtExit(entry.environment.name, titleOf(entry));
