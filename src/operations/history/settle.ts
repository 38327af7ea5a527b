import type { Disposable, Log } from '../../connections/ports';
import { isPostHogError } from '../../posthog/errors';
import type { PostHogClient } from '../../posthog/client';
import type { JsonObject } from '../../json/json';
import { tableDocument } from '../../warehouse/tableDocument';
import { list, sentences } from '../phrases';
import { valueAt, type HistoryEntry, type WriteOutcome } from './entry';
import type { History } from './history';
import { namesOf, titleOf } from './item';
import { sameAt } from './undo';

/** How many of the newest entries are looked through: what has no end is among the last that were written. */
const lookedThrough = 50;

interface SettleServices {
  readonly history: History;
  readonly connections: { client(id: string): Promise<Pick<PostHogClient, 'getEnvironment' | 'getTable'>> };
  readonly log: Log;
  /** How long a request may take: another window may still be waiting for the answer to a younger write. */
  timeLimitMs(): number;
  /** Tells the person what became of a write. */
  tell(severity: 'information' | 'warning', message: string): unknown;
}

/**
 * Finds out what became of writes whose answer nobody has seen, because the window or the computer went down. Asked
 * for when somebody looks at what they are about; nothing is asked at the start.
 */
export class Unanswered implements Disposable {
  /** What is being looked at, or was and had nothing open. */
  private readonly looked = new Map<string, Promise<void>>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();

  constructor(private readonly services: SettleServices) {}

  /** Looks once at the writes to an environment, or to all of a connection. */
  look(connectionId: string, environmentId?: number): Promise<void> {
    const key = `${connectionId}/${environmentId ?? ''}`;
    const known = this.looked.get(key) ?? this.looked.get(`${connectionId}/`);
    if (known) {
      return known;
    }
    const looking = this.run(connectionId, environmentId).then((areAllSettled) => {
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
    // One after the other: there is hardly ever more than one.
    for (const entry of open) {
      settled.push(await this.settle(entry));
    }
    return settled.every(Boolean);
  }

  /** @returns whether it is known now what became of it */
  private async settle(entry: HistoryEntry): Promise<boolean> {
    const { history, log, tell, timeLimitMs } = this.services;
    let seen: Seen;
    try {
      seen = await this.ask(entry);
    } catch (error) {
      if (!isPostHogError(error)) {
        throw error;
      }
      log.info(`A write without an answer could not be looked at: ${error.message}`);
      return false;
    }
    const ageMs = Date.now() - Date.parse(entry.startedAt);
    const stillMs = timeLimitMs() + clockMs - ageMs;
    if (seen.outcome === 'notApplied' && stillMs > 0) {
      // Another window may be waiting for its answer: looked at again when it cannot be any more.
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.look(entry.connectionId, entry.environment.id);
      }, stillMs);
      this.timers.add(timer);
      return false;
    }
    await history.complete(entry, seen.outcome, seen.what);
    const isGood = seen.outcome === 'applied';
    // Not waited for: a notification may stay for as long as the person likes.
    void tell(isGood ? 'information' : 'warning', sentences(unanswered(entry), seen.what));
    return true;
  }

  private async ask(entry: HistoryEntry): Promise<Seen> {
    const { connectionId, environment, table, kind, changes } = entry;
    const client = await this.services.connections.client(connectionId);
    const { signal } = new AbortController();
    const comparable = changes.filter(({ isMasked }) => !isMasked);
    if (comparable.length === 0 && kind !== 'delete') {
      return { outcome: 'unknown', what: 'PostHog cannot be asked what became of it.' };
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
        ? { outcome: 'applied', what: 'PostHog was asked again: it is deleted, or about to be.' }
        : { outcome: 'notApplied', what: 'PostHog was asked again and still has it.' };
    }
    if (!now) {
      return { outcome: 'unknown', what: 'What it was about is no longer there.' };
    }
    const document = now;
    const there = comparable.filter(({ path, to }) => sameAt(path, valueAt(document, path), to));
    const missing = comparable.filter((change) => !there.includes(change));
    if (missing.length === 0) {
      return { outcome: 'applied', what: 'PostHog was asked again and has the change.' };
    }
    return there.length === 0
      ? { outcome: 'notApplied', what: 'PostHog was asked again: it does not have the change.' }
      : {
          outcome: 'partly',
          what: `PostHog was asked again: it has ${list(namesOf(there))}, but not ${list(namesOf(missing))}.`,
        };
  }
}

/** How far apart the start of a request and its entry may be. */
const clockMs = 15_000;

interface Seen {
  readonly outcome: WriteOutcome;
  readonly what: string;
}

const unanswered = (entry: HistoryEntry): string =>
  `A change to ${entry.environment.name} had no answer when VS Code ended (${titleOf(entry)}).`;
