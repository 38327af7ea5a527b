import { Emitter } from '../../connections/emitter';
import type { Disposable, Log } from '../../connections/ports';
import type { EnvironmentRef } from '../../posthog/models';
import { maskSecretText } from '../../settings/secrets';
import type { Change } from '../changes';
import { outcomeText, type Outcome } from '../outcome';
import { sentences } from '../phrases/sentences';
import {
  entryText,
  isEntryId,
  newEntryId,
  readEntry,
  recorded,
  type HistoryEntry,
  type Proposed,
  type WriteKind,
} from './entry';
import type { WriteWindow } from './window';

/** Where entries are stored: named texts, separately for each connection. All windows share it. */
export interface HistoryStore {
  /** Resolves when the text would survive a crash. */
  write(connectionId: string, name: string, text: string): Promise<void>;
  /** `undefined` if there is none. */
  read(connectionId: string, name: string): Promise<string | undefined>;
  /** In any order. */
  names(connectionId: string): Promise<readonly string[]>;
  /** It's not an error if there is none. */
  remove(connectionId: string, name: string): Promise<void>;
  removeConnection(connectionId: string): Promise<void>;
}

/** A write that is about to be sent. */
export interface NewWrite {
  readonly connectionId: string;
  readonly environment: EnvironmentRef;
  /** The environment's name, if it hasn't been seen yet. */
  readonly environmentName?: string | undefined;
  readonly table?: { readonly id: string; readonly name: string } | undefined;
  readonly kind: WriteKind;
  readonly changes: readonly Change[];
  readonly undoes?: string | undefined;
  /** The same for all writes of one action, which are undone together. */
  readonly together?: string | undefined;
  readonly proposed?: Proposed | undefined;
}

/** A write in progress. */
export interface WriteUnderWay {
  readonly id: string;
  /**
   * Records the outcome. Not awaited: the user has already seen it.
   *
   * @param known what is known better than at the start
   */
  end(outcome: Outcome<unknown>, known?: KnownLater): void;
  /** Nothing was sent, so there is nothing to record. */
  forget(): void;
}

/** What is known only after the response to a write. */
export interface KnownLater {
  /** The changes as applied by the server. */
  readonly changes?: readonly Change[] | undefined;
  /** What was created. */
  readonly environment?: HistoryEntry['environment'] | undefined;
  readonly table?: HistoryEntry['table'];
  /** The server's state before and after the write. */
  readonly window?: WriteWindow | undefined;
}

/** A write that got a response, and the server's state around it. */
export interface Answered {
  readonly entry: HistoryEntry;
  readonly window: WriteWindow;
  /** Settings or columns whose changes by someone else the caller already knows about. */
  readonly reported: ReadonlySet<string>;
}

/** The history for operations: they record what they're about to send, and what happened to it. */
export interface Recorder {
  /** Resolves when the entry is stored, so that a write whose response never arrives is found again. Logs failures. */
  begin(write: NewWrite): Promise<WriteUnderWay>;
}

/** Which entries to list. */
export interface HistoryFilter {
  readonly connectionIds: readonly string[];
  accepts?(entry: HistoryEntry): boolean;
}

/** Entries, newest first. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** Whether there are older ones. */
  readonly hasMore: boolean;
}

/** The maximum number of entries per connection. */
const keptEntries = 500;
/** How many entries are read at the same time. */
const chunk = 50;

/** Everything that this extension has written to PostHog, and what happened to it. */
export class History implements Recorder, Disposable {
  private readonly changed = new Emitter<{ connectionId: string }>();
  /** Fires after an entry was added, completed, or removed. */
  readonly onDidChange = this.changed.event;
  private readonly answered = new Emitter<Answered>();
  /** Fires after a write got a response. */
  readonly onDidAnswer = this.answered.event;
  /** Entries that no longer change, by connection and ID. */
  private readonly known = new Map<string, HistoryEntry>();
  /** Writes of this window that are still in progress, with their connections. */
  private readonly underWay = new Map<string, string>();
  /** Writes and removals that continue after the caller got its result. */
  private queue: Promise<void> = Promise.resolve();

  /**
   * @param names the last known names of environments
   * @param processId this process, so that others know whether its writes are still in progress
   */
  constructor(
    private readonly store: HistoryStore,
    private readonly names: { nameOf(connectionId: string, environmentId: number): string | undefined },
    private readonly log: Log,
    private readonly now: () => Date = () => new Date(),
    private readonly processId?: number,
  ) {}

  async begin({
    changes,
    environment,
    environmentName,
    proposed,
    ...write
  }: NewWrite): Promise<WriteUnderWay> {
    const at = this.now();
    const { id: environmentId } = environment;
    const seen = this.names.nameOf(write.connectionId, environmentId);
    const name = seen ?? environmentName ?? `environment ${environmentId}`;
    const entry: HistoryEntry = {
      id: newEntryId(at),
      startedAt: at.toISOString(),
      ...(this.processId !== undefined && { processId: this.processId }),
      ...write,
      ...(proposed && { proposed: { by: cleaned(proposed.by), why: cleaned(proposed.why) } }),
      environment: { ...environment, name },
      changes: changes.map(recorded),
      what: '',
    };
    const { id, connectionId } = entry;
    this.underWay.set(id, connectionId);
    try {
      await this.store.write(connectionId, id, entryText(entry));
    } catch (error) {
      // A full disk must not keep anyone from fixing something that is live.
      this.log.warn(`Couldn't record a write in the history: ${String(error)}`);
    }
    return {
      id,
      end: (outcome, known) => {
        // If the connection was removed in the meantime, nothing may remain.
        if (this.underWay.delete(id)) {
          const now: HistoryEntry = {
            ...entry,
            ...(known?.changes && { changes: known.changes.map(recorded) }),
            ...(known?.environment && { environment: known.environment }),
            ...(known?.table && { table: known.table }),
          };
          const completed = this.complete(
            now,
            outcome.isOpen ? 'unknown' : outcome.kind,
            outcomeText(outcome),
          );
          const window = known?.window;
          if (window) {
            const reported = new Set(outcome.spots.map(({ path }) => String(path[0])));
            void completed.then((ended) => this.answered.fire({ entry: ended, window, reported }));
          }
        }
      },
      forget: () => {
        this.underWay.delete(id);
        void this.enqueue(connectionId, () => this.store.remove(connectionId, id));
      },
    };
  }

  /** Records what happened to an entry. */
  complete(
    entry: HistoryEntry,
    outcome: NonNullable<HistoryEntry['outcome']>,
    what: string,
  ): Promise<HistoryEntry> {
    const ended: HistoryEntry = {
      ...entry,
      finishedAt: this.now().toISOString(),
      outcome,
      what: cleanText(what),
    };
    const { connectionId, id } = entry;
    // Known immediately: users look for a save when they're notified, not when the disk has it.
    this.known.set(keyOf(connectionId, id), ended);
    return this.enqueue(connectionId, async () => {
      await this.store.write(connectionId, id, entryText(ended));
      await this.prune(connectionId);
    }).then(() => ended);
  }

  /** Adds something that was found out after its end. */
  async note(entry: HistoryEntry, what: string): Promise<void> {
    const { connectionId, id } = entry;
    const noted: HistoryEntry = { ...entry, what: cleanText(sentences(entry.what, what)) };
    this.known.set(keyOf(connectionId, id), noted);
    await this.enqueue(connectionId, () => this.store.write(connectionId, id, entryText(noted)));
  }

  /** Entries, newest first. Logs and skips those that can't be read. */
  async list({ connectionIds, accepts = () => true }: HistoryFilter, limit: number): Promise<HistoryPage> {
    await this.queue;
    const names = (
      await Promise.all(
        connectionIds.map(async (connectionId) =>
          (await this.namesIn(connectionId)).map((name) => ({ connectionId, name })),
        ),
      )
    )
      .flat()
      .sort((left, right) => (left.name < right.name ? 1 : -1));
    const found: HistoryEntry[] = [];
    for (let start = 0; start < names.length && found.length <= limit; start += chunk) {
      const entries = await Promise.all(
        names.slice(start, start + chunk).map(({ connectionId, name }) => this.get(connectionId, name)),
      );
      found.push(...entries.filter((entry) => entry !== undefined).filter(accepts));
    }
    return { entries: found.slice(0, limit), hasMore: found.length > limit };
  }

  /** One entry; `undefined` if there is none, or it can't be read. */
  async get(connectionId: string, id: string): Promise<HistoryEntry | undefined> {
    const key = keyOf(connectionId, id);
    const known = this.known.get(key);
    if (known || !isEntryId(id)) {
      return known;
    }
    try {
      const text = await this.store.read(connectionId, id);
      const entry = text === undefined ? undefined : readEntry(text);
      if (entry && (entry.id !== id || entry.connectionId !== connectionId)) {
        throw new Error('It has the ID of a different entry.');
      }
      if (entry?.finishedAt !== undefined) {
        this.known.set(key, entry);
      }
      return entry;
    } catch (error) {
      this.log.warn(`Couldn't read a history entry (${id}): ${String(error)}`);
      return undefined;
    }
  }

  /** Keeps entries from elsewhere for {@link get} until the window closes. */
  remember(entries: readonly HistoryEntry[]): void {
    for (const entry of entries) {
      this.known.set(keyOf(entry.connectionId, entry.id), entry);
    }
  }

  /** Whether a write is in progress in this window. */
  isUnderWay({ id }: Pick<HistoryEntry, 'id'>): boolean {
    return this.underWay.has(id);
  }

  /** Removes everything recorded for a connection. */
  removeConnection(connectionId: string): Promise<void> {
    const prefix = keyOf(connectionId, '');
    for (const key of this.known.keys()) {
      if (key.startsWith(prefix)) {
        this.known.delete(key);
      }
    }
    for (const [id, of] of this.underWay) {
      if (of === connectionId) {
        this.underWay.delete(id);
      }
    }
    return this.enqueue(connectionId, () => this.store.removeConnection(connectionId));
  }

  /** Resolves when everything recorded so far is stored. */
  settled(): Promise<void> {
    return this.queue;
  }

  dispose(): void {
    this.changed.dispose();
    this.answered.dispose();
  }

  private async namesIn(connectionId: string): Promise<readonly string[]> {
    try {
      return (await this.store.names(connectionId)).filter(isEntryId);
    } catch (error) {
      this.log.warn(`Couldn't read the history of a connection: ${String(error)}`);
      return [];
    }
  }

  private async prune(connectionId: string): Promise<void> {
    const names = [...(await this.namesIn(connectionId))].sort();
    for (const name of names.slice(0, Math.max(0, names.length - keptEntries))) {
      this.known.delete(keyOf(connectionId, name));
      await this.store.remove(connectionId, name);
    }
  }

  private enqueue(connectionId: string, work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error: unknown) => {
      this.log.warn(`Couldn't write the history: ${String(error)}`);
    });
    void this.queue.then(() => this.changed.fire({ connectionId }));
    return this.queue;
  }
}

const cleaned = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : cleanText(text);

const cleanText = (what: string): string => maskSecretText(what, '••••••').slice(0, 2000);

const keyOf = (connectionId: string, id: string): string => `${connectionId}/${id}`;
