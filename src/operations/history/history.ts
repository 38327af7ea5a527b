import { Emitter } from '../../connections/emitter';
import type { Disposable, Log } from '../../connections/ports';
import type { EnvironmentRef } from '../../posthog/models';
import { maskSecretText } from '../../settings/secrets';
import type { Change } from '../changes';
import { outcomeText, type Outcome } from '../outcome';
import { sentences } from '../phrases';
import {
  entryText,
  isEntryId,
  newEntryId,
  readEntry,
  recorded,
  type HistoryEntry,
  type WriteKind,
} from './entry';
import type { WriteWindow } from './window';

/** Where entries are kept: texts under names, for each connection by itself. All windows share it. */
export interface HistoryStore {
  /** Resolves when the text would survive the end of the process. */
  write(connectionId: string, name: string, text: string): Promise<void>;
  /** `undefined`: there is none. */
  read(connectionId: string, name: string): Promise<string | undefined>;
  /** In any order. */
  names(connectionId: string): Promise<readonly string[]>;
  /** One that is not there is no failure. */
  remove(connectionId: string, name: string): Promise<void>;
  removeConnection(connectionId: string): Promise<void>;
}

/** A write that is about to be sent. */
export interface NewWrite {
  readonly connectionId: string;
  readonly environment: EnvironmentRef;
  /** The environment's name, for one that nobody has seen yet. */
  readonly environmentName?: string | undefined;
  readonly table?: { readonly id: string; readonly name: string } | undefined;
  readonly kind: WriteKind;
  readonly changes: readonly Change[];
  readonly undoes?: string | undefined;
}

/** A write that is under way. */
export interface WriteUnderWay {
  readonly id: string;
  /**
   * Says what became of it. Not waited for: the person has their answer already.
   *
   * @param known what is known better than before
   */
  end(outcome: Outcome<unknown>, known?: KnownLater): void;
  /** Nothing was sent, so that there is nothing to remember. */
  forget(): void;
}

/** What only the answer to a write says. */
export interface KnownLater {
  /** What the server has made of the changes. */
  readonly changes?: readonly Change[] | undefined;
  /** What was created. */
  readonly environment?: HistoryEntry['environment'] | undefined;
  readonly table?: HistoryEntry['table'];
  /** What the server showed around the write. */
  readonly window?: WriteWindow | undefined;
}

/** A write that was answered, and what the server showed around it. */
export interface Answered {
  readonly entry: HistoryEntry;
  readonly window: WriteWindow;
  /** Settings or columns of which the caller was already told that somebody else has changed them. */
  readonly told: ReadonlySet<string>;
}

/** What operations know of the history: they say what they are about to send, and what became of it. */
export interface Recorder {
  /** Resolves when the entry is kept: a write whose answer never comes is found again. A failure is logged. */
  begin(write: NewWrite): Promise<WriteUnderWay>;
}

/** Which entries are asked for. */
export interface HistoryFilter {
  readonly connectionIds: readonly string[];
  accepts?(entry: HistoryEntry): boolean;
}

/** Entries, newest first. */
export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** There are older ones. */
  readonly hasMore: boolean;
}

/** How many entries are kept of each connection. */
export const keptEntries = 500;
/** How many entries are read at once. */
const chunk = 50;
/** After how many writes the oldest entries are looked for. */
const writesBetweenPruning = 20;

/** Everything that this extension has written to PostHog, and what became of it. */
export class History implements Recorder, Disposable {
  private readonly changed = new Emitter<{ connectionId: string }>();
  /** Fires after an entry was added, has ended, or is gone. */
  readonly onDidChange = this.changed.event;
  private readonly answered = new Emitter<Answered>();
  /** Fires after a write was answered. */
  readonly onDidAnswer = this.answered.event;
  /** Entries that will not change any more, by connection and id. */
  private readonly known = new Map<string, HistoryEntry>();
  /** Writes of this window that have no end yet, with their connections. */
  private readonly underWay = new Map<string, string>();
  /** What is written and removed after a caller had its answer. */
  private queue: Promise<void> = Promise.resolve();
  private writes = 0;

  /** @param names the names that environments were last seen with */
  constructor(
    private readonly store: HistoryStore,
    private readonly names: { nameOf(connectionId: string, environmentId: number): string | undefined },
    private readonly log: Log,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async begin({ changes, environment, environmentName, ...write }: NewWrite): Promise<WriteUnderWay> {
    const at = this.now();
    const { id: environmentId } = environment;
    const seen = this.names.nameOf(write.connectionId, environmentId);
    const name = seen ?? environmentName ?? `environment ${environmentId}`;
    const entry: HistoryEntry = {
      id: newEntryId(at),
      startedAt: at.toISOString(),
      ...write,
      environment: { ...environment, name },
      changes: changes.map(recorded),
      what: '',
    };
    const { id, connectionId } = entry;
    this.underWay.set(id, connectionId);
    try {
      await this.store.write(connectionId, id, entryText(entry));
    } catch (error) {
      // A full disk must not keep anybody from correcting what is live.
      this.log.warn(`A write could not be kept in the history: ${String(error)}`);
    }
    return {
      id,
      end: (outcome, known) => {
        // The connection may have been removed meanwhile: nothing of it is left behind.
        if (this.underWay.delete(id)) {
          const now: HistoryEntry = {
            ...entry,
            ...(known?.changes && { changes: known.changes.map(recorded) }),
            ...(known?.environment && { environment: known.environment }),
            ...(known?.table && { table: known.table }),
          };
          const completed = this.complete(now, outcome.kind, outcomeText(outcome));
          const window = known?.window;
          if (window) {
            const told = new Set(outcome.spots.map(({ path }) => String(path[0])));
            void completed.then((ended) => this.answered.fire({ entry: ended, window, told }));
          }
        }
      },
      forget: () => {
        this.underWay.delete(id);
        void this.enqueue(connectionId, () => this.store.remove(connectionId, id));
      },
    };
  }

  /** Says of an entry what became of it. */
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
    // Known at once: whoever is told of the save looks for it now, and not when the disk has it.
    this.known.set(keyOf(connectionId, id), ended);
    return this.enqueue(connectionId, async () => {
      await this.store.write(connectionId, id, entryText(ended));
      this.writes += 1;
      if (this.writes % writesBetweenPruning === 1) {
        await this.prune(connectionId);
      }
    }).then(() => ended);
  }

  /** Adds to an entry what turned out after its end. */
  async note(entry: HistoryEntry, what: string): Promise<void> {
    const { connectionId, id } = entry;
    const noted: HistoryEntry = { ...entry, what: cleanText(sentences(entry.what, what)) };
    this.known.set(keyOf(connectionId, id), noted);
    await this.enqueue(connectionId, () => this.store.write(connectionId, id, entryText(noted)));
  }

  /** Entries, newest first. What cannot be read is passed over, and logged. */
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

  /** One entry; `undefined` when there is none, or it cannot be read. */
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
        throw new Error('It says of itself that it is another one.');
      }
      if (entry?.finishedAt !== undefined) {
        this.known.set(key, entry);
      }
      return entry;
    } catch (error) {
      this.log.warn(`An entry of the history could not be read (${id}): ${String(error)}`);
      return undefined;
    }
  }

  /** Keeps entries for {@link get} that came from elsewhere, until the window closes. */
  remember(entries: readonly HistoryEntry[]): void {
    for (const entry of entries) {
      this.known.set(keyOf(entry.connectionId, entry.id), entry);
    }
  }

  /** Whether a write is under way in this window. */
  isUnderWay({ id }: Pick<HistoryEntry, 'id'>): boolean {
    return this.underWay.has(id);
  }

  /** Removes everything that is kept of a connection. */
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

  /** Resolves when everything is kept that was said so far. */
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
      this.log.warn(`The history of a connection could not be read: ${String(error)}`);
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
      this.log.warn(`The history could not be written: ${String(error)}`);
    });
    void this.queue.then(() => this.changed.fire({ connectionId }));
    return this.queue;
  }
}

const cleanText = (what: string): string => maskSecretText(what, '••••••').slice(0, 2000);

const keyOf = (connectionId: string, id: string): string => `${connectionId}/${id}`;
