import { allowsScope, type Connection } from '../../connections/connection';
import { failureText } from '../../connections/failures';
import type { Disposable, Log } from '../../connections/ports';
import { isPostHogError } from '../../posthog/errors';
import type { ReadingClient } from '../../posthog/client';
import type { ActivityEntry } from '../../posthog/models';
import type { Answered, History } from './history';
import { changedBeside, replacedIn, withNames, type Meanwhile } from './window';

/** What someone else did during a write. */
export interface Found extends Pick<Answered, 'entry'> {
  readonly changes: readonly Meanwhile[];
}

interface WatchServices {
  readonly history: History;
  readonly connections: {
    get(id: string): Connection | undefined;
    client(id: string): Promise<Pick<ReadingClient, 'listActivityLog'>>;
  };
  readonly log: Log;
  /** Whether the user wants the activity log to be checked after a save. */
  isWanted(): boolean;
  show(found: Found): unknown;
}

/** How long to wait for the log to include a write, and for other writes to check at the same time. */
const togetherMs = 1_500;

/**
 * Notices what someone else wrote between our last read of the server and our write, which PostHog can't prevent.
 * Unsent settings differ between the two responses. For sent ones, PostHog's activity log is read in the background:
 * once for all writes at about the same time, and not again if the key or the plan doesn't include it.
 */
export class WindowWatch implements Disposable {
  private readonly waiting = new Map<string, Answered[]>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  /** The places whose log isn't available. */
  private readonly closed = new Set<string>();
  private readonly subscription: Disposable;

  constructor(
    private readonly services: WatchServices,
    private readonly waitMs = togetherMs,
  ) {
    this.subscription = services.history.onDidAnswer((answered) => this.look(answered));
  }

  dispose(): void {
    this.subscription.dispose();
    for (const timer of this.timers) {
      clearTimeout(timer);
    }
  }

  private look(answered: Answered): void {
    const { entry, window } = answered;
    const key = `${entry.connectionId}/${entry.environment.id}`;
    const connection = this.services.connections.get(entry.connectionId);
    if (
      window.kind === 'table' ||
      !this.services.isWanted() ||
      this.closed.has(key) ||
      allowsScope(connection?.access, 'activity_log:read') === false
    ) {
      this.report(answered, []);
      return;
    }
    const others = this.waiting.get(key);
    if (others) {
      others.push(answered);
      return;
    }
    this.waiting.set(key, [answered]);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      const all = this.waiting.get(key) ?? [];
      this.waiting.delete(key);
      void this.read(key, all);
    }, this.waitMs);
    this.timers.add(timer);
  }

  private async read(key: string, all: readonly Answered[]): Promise<void> {
    const [first] = all;
    if (!first) {
      return;
    }
    const { connectionId, environment } = first.entry;
    let entries: readonly ActivityEntry[] = [];
    try {
      const client = await this.services.connections.client(connectionId);
      const { signal } = new AbortController();
      entries = (await client.listActivityLog(environment, undefined, signal)).items;
    } catch (error) {
      // This is only an extra: the save is done, and what is known without the log is reported.
      if (isPostHogError(error) && isFinal.has(error.kind)) {
        this.closed.add(key);
      }
      const { log } = this.services;
      log.info(`Couldn't read the activity log after a save: ${failureText(error, log)}`);
    }
    all.forEach((answered) => this.report(answered, entries));
  }

  private report({ entry, window, reported }: Answered, entries: readonly ActivityEntry[]): void {
    const beside = changedBeside(window).filter(({ path }) => !reported.has(String(path[0])));
    const changes = [...replacedIn(window, entries), ...withNames(beside, entries)];
    if (changes.length > 0) {
      this.services.show({ entry, changes });
    }
  }
}

/** Kinds of errors that will also occur at the next save. */
const isFinal: ReadonlySet<string> = new Set([
  'payment-required',
  'missing-scope',
  'keys-not-supported',
  'endpoint-missing',
  'forbidden',
  'key-restricted',
]);
