import type { Connection } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { Emitter } from '../connections/emitter';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Disposable, Event, Log, Memento } from '../connections/ports';
import type { EnvironmentBasic } from '../posthog/models';
import {
  entryAround,
  tablesEntry,
  type ConnectionEntry,
  type Entry,
  type EnvironmentEntry,
  type Listed,
  type OrganizationEntry,
  type Place,
  type ProjectEntry,
  type TableEntry,
  type TablesEntry,
} from './entries';
import { readerOf } from './lists';
import { PagedList } from './pagedList';
import { PendingDeletions } from './pendingDeletions';
import type { RemoteChange } from './remoteChanges';

/** What the directory needs. */
export interface DirectoryServices {
  connections: Connections;
  marks: EnvironmentMarks;
  changes: { readonly onDidChange: Event<RemoteChange> };
  log: Pick<Log, 'warn'>;
  memento: Memento;
  /** Items in one page of a list. */
  pageSize(): number;
  /** When this window gains or loses focus: what other windows know about deletions is shown. */
  onReturn?: Event<unknown>;
}

/** What changed. */
export interface DirectoryChange {
  /** The entry that changed, or whose list must be reloaded; undefined for the list of connections. */
  readonly entry: Entry | undefined;
}

/** The list of any place, as far as all lists are alike. */
type AnyList = PagedList<Listed>;

/**
 * Connections → organizations → environments → tables, as far as they have been viewed. Nothing is loaded before it is
 * requested. What was loaded is kept until it is refreshed or found to have changed.
 */
export class Directory implements Disposable {
  readonly #changed = new Emitter<DirectoryChange>();
  /** Fires when an entry changes, or a list must be reloaded. */
  readonly onDidChange = this.#changed.event;
  /** The environments that are being deleted: lists don't show that. */
  readonly pendingDeletions: PendingDeletions;
  #connections: readonly ConnectionEntry[] | undefined;
  readonly #lists = new Map<string, AnyList>();
  readonly #subscriptions: readonly Disposable[];
  #adopting: Promise<void> = Promise.resolve();

  constructor(private readonly services: DirectoryServices) {
    const { connections, marks, changes, memento, onReturn } = services;
    this.pendingDeletions = new PendingDeletions(memento);
    this.#subscriptions = [
      connections.onDidChange(() => this.#updateConnections()),
      marks.onDidMark(({ connectionId, environmentId }) => this.#redraw(connectionId, environmentId)),
      changes.onDidChange((change) => {
        this.#adopting = this.#adopting.then(() => this.#adopt(change));
      }),
      ...(onReturn
        ? [onReturn(() => this.pendingDeletions.changedElsewhere().forEach((at) => this.#redraw(...at)))]
        : []),
    ];
  }

  /** All connections, in their order. */
  connections(): readonly ConnectionEntry[] {
    return (this.#connections ??= this.services.connections.list().map(connectionEntry));
  }

  connection(id: string): ConnectionEntry | undefined {
    return this.connections().find(({ connectionId }) => connectionId === id);
  }

  /** The list of a place. It stays the same until the place or one of its parents is refreshed. */
  list(place: ConnectionEntry): PagedList<OrganizationEntry | ProjectEntry | EnvironmentEntry>;
  list(place: OrganizationEntry): PagedList<ProjectEntry | EnvironmentEntry>;
  list(place: ProjectEntry): PagedList<EnvironmentEntry>;
  list(place: TablesEntry): PagedList<TableEntry>;
  list(place: Place): AnyList;
  list(place: Place): AnyList {
    const known = this.#lists.get(place.id);
    if (known) {
      return known;
    }
    const made = this.#make(place);
    this.#lists.set(place.id, made);
    return made;
  }

  /** What was loaded of a connection so far. */
  known(connectionId: string): readonly Listed[] {
    return this.#entries(connectionId);
  }

  /** The last known name of an environment's organization, also if it hasn't been loaded since. */
  organizationSeen(connectionId: string, environmentId: number): string | undefined {
    return this.services.marks.organizationOf(connectionId, environmentId);
  }

  /** Marks the contents of an entry to be reloaded when they are next requested. Without an entry, everything. */
  refresh(entry?: Entry): void {
    if (entry) {
      this.#forget(entry.id);
    } else {
      // A caller that is loading these lists to their end can continue.
      this.#lists.clear();
      this.#connections = undefined;
    }
    this.#changed.fire({ entry });
  }

  /** Resolves when the entries reflect all announced changes. */
  settled(): Promise<void> {
    return this.#adopting;
  }

  dispose(): void {
    this.#subscriptions.forEach((subscription) => subscription.dispose());
    this.#changed.dispose();
    this.#lists.forEach((list) => list.end());
    this.#lists.clear();
  }

  #redraw(connectionId: string, environmentId: number): void {
    for (const entry of this.#environments(connectionId, environmentId)) {
      this.#changed.fire({ entry });
    }
  }

  #make(place: Place): AnyList {
    const { connections, marks, pageSize } = this.services;
    const read = readerOf(place, connections);
    const made: AnyList = new PagedList(async (page, signal, refreshes) => {
      const found = await read(page, signal, refreshes);
      // Below is what the list contained before. A list that was replaced in the meantime has nothing below it.
      if (page.offset === 0 && this.#lists.get(place.id) === made && !signal.aborted) {
        this.#forgetBelow(place.id);
      }
      for (const item of found.items) {
        if (item.kind === 'environment') {
          const around = entryAround(item, 'organization')?.organization.name;
          marks.see(item.connectionId, item.environmentId, item.basic.name, around);
        }
      }
      return found;
    }, pageSize);
    return made;
  }

  #forgetBelow(id: string): void {
    for (const [key, list] of this.#lists) {
      if (key.startsWith(`${id}/`)) {
        list.end();
        this.#lists.delete(key);
      }
    }
  }

  /**
   * Keeps what is known about connections that didn't change. Change events disturb users in the tree, so invisible
   * changes aren't announced.
   */
  #updateConnections(): void {
    const before = this.#connections;
    const gone = new Map(before?.map((entry) => [entry.connectionId, entry]));
    let changed = before === undefined;
    this.#connections = this.services.connections.list().map((connection, index) => {
      const known = gone.get(connection.id);
      gone.delete(connection.id);
      const differs = known ? this.#adoptConnection(known, connection) : true;
      changed ||= differs || known !== before?.[index];
      return known ?? connectionEntry(connection);
    });
    for (const { id, connectionId } of gone.values()) {
      this.#forgetBelow(id);
      this.#lists.get(id)?.end();
      this.#lists.delete(id);
      this.#keep(this.pendingDeletions.forget(connectionId));
    }
    if (changed || gone.size > 0) {
      this.#changed.fire({ entry: undefined });
    }
  }

  /** @returns whether the connection or anything below it looks different now */
  #adoptConnection(entry: ConnectionEntry, connection: Connection): boolean {
    const before = entry.connection;
    entry.connection = connection;
    const otherKey =
      before.access !== undefined && JSON.stringify(before.access) !== JSON.stringify(connection.access);
    if (before.origin !== connection.origin || otherKey) {
      this.#forget(entry.id);
      return true;
    }
    // Menus offer what the server is known to let keys do.
    const actions = [before, connection].map(({ profile }) => JSON.stringify(profile?.schemaActions));
    return before.label !== connection.label || actions[0] !== actions[1];
  }

  #keep(written: Promise<void>): void {
    written.catch((error: unknown) =>
      this.services.log.warn(`The mark won't survive a window reload: ${String(error)}`),
    );
  }

  #forget(id: string): void {
    this.#forgetBelow(id);
    this.#lists.get(id)?.refresh();
  }

  async #adopt(change: RemoteChange): Promise<void> {
    this.#keep(this.pendingDeletions.adopt(change));
    const { connectionId } = change;
    if (change.kind === 'environments') {
      const entry = this.#connections?.find((one) => one.connectionId === connectionId);
      if (entry) {
        this.refresh(entry);
      }
      return;
    }
    // What is being loaded now may predate the change.
    const lists = this.#listsOf(connectionId);
    await Promise.all(lists.map((list) => list.settled()));
    if (change.kind === 'table') {
      for (const entry of this.#entries(connectionId)) {
        if (entry.kind === 'table' && entry.table.id === change.table.id) {
          entry.table = change.table;
          this.#changed.fire({ entry });
        }
      }
      return;
    }
    for (const entry of this.#environments(connectionId, change.environment.id)) {
      if (change.kind === 'environment') {
        this.#adoptEnvironment(entry, change.detail);
      } else {
        this.refresh(tablesEntry(entry));
      }
    }
  }

  #adoptEnvironment(entry: EnvironmentEntry, basic: EnvironmentBasic): void {
    entry.basic = basic;
    this.services.marks.see(entry.connectionId, basic.id, basic.name);
    this.#changed.fire({ entry });
  }

  #listsOf(connectionId: string): AnyList[] {
    const root = connectionKey(connectionId);
    return [...this.#lists].flatMap(([key, list]) =>
      key === root || key.startsWith(`${root}/`) ? [list] : [],
    );
  }

  /** Everything loaded so far for a connection. */
  #entries(connectionId: string): readonly Listed[] {
    return this.#listsOf(connectionId).flatMap(({ items }) => items);
  }

  #environments(connectionId: string, environmentId: number): readonly EnvironmentEntry[] {
    return this.#entries(connectionId).filter(
      (entry): entry is EnvironmentEntry =>
        entry.kind === 'environment' && entry.environmentId === environmentId,
    );
  }
}

const connectionKey = (id: string): string => `c:${id}`;

const connectionEntry = (connection: Connection): ConnectionEntry => ({
  kind: 'connection',
  id: connectionKey(connection.id),
  connectionId: connection.id,
  connection,
});
