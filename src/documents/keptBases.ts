import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { BaseStore, StoredBase } from './baseStore';
import type { DocumentState, Kept } from './documentState';

/** The state of a document of which nothing is stored. */
export const keptNothing: Kept = { kind: 'nothing' };

/** The stored bases of unsaved changes, of connections that exist. */
export class KeptBases {
  /** The documents whose bases this window stored, also before a reload: empty windows have the same storage. */
  private readonly own: Set<string>;

  /**
   * @param connectionIds the connections that existed before; whatever was stored for removed ones is deleted
   * @param restored the documents in the tabs that there were at the start
   */
  constructor(
    private readonly bases: BaseStore,
    private readonly connections: Connections,
    private connectionIds: ReadonlySet<string> = idsOf(connections),
    restored: readonly vscode.Uri[] = [],
  ) {
    this.own = new Set(restored.map(String));
  }

  /** What was stored of a document before a reload. */
  read(uri: vscode.Uri): Promise<StoredBase | undefined> {
    return this.bases.read(uri);
  }

  /** Stores the base of a document with unsaved changes. */
  async keep(state: DocumentState): Promise<void> {
    const { kept } = state;
    const { shown } = state.revisions;
    const isStored = kept.kind !== 'nothing' && kept.revision === shown;
    // Nothing may be left of a removed connection, whose documents can't be saved anyway.
    if (!isStored && this.connectionIds.has(state.target.connectionId)) {
      state.kept = { kind: kept.kind === 'restored' ? 'restored' : 'kept', revision: shown };
      this.own.add(String(state.uri));
      await this.bases.write(state.uri, shown);
    }
  }

  /** A document has no unsaved changes any more. @returns whether those from before a reload never came back */
  drop(state: DocumentState): boolean {
    const { kind } = state.kept;
    if (kind !== 'nothing') {
      state.kept = keptNothing;
      // Another window may need the base of its unsaved changes; one that nobody needs does no harm.
      if (this.own.delete(String(state.uri))) {
        void this.bases.remove(state.uri);
      }
    }
    return kind === 'restored';
  }

  /** Removes what was stored for removed connections, including what other workspaces stored. */
  forgetRemoved(open: readonly DocumentState[]): void {
    const before = this.connectionIds;
    this.connectionIds = idsOf(this.connections);
    for (const id of before) {
      if (!this.connectionIds.has(id)) {
        open
          .filter(({ target }) => target.connectionId === id)
          .forEach((state) => (state.kept = keptNothing));
        void this.bases.removeConnection(id);
      }
    }
  }
}

/** The base of a document was read from where it's stored. */
export function keptBefore(state: DocumentState, kind: 'kept' | 'restored'): void {
  state.kept = { kind, revision: state.revisions.shown };
}

/** PostHog was asked about a document: what is stored of it is no longer from before a reload. */
export function keptUpToDate(state: DocumentState): void {
  if (state.kept.kind === 'restored') {
    state.kept = { ...state.kept, kind: 'kept' };
  }
}

const idsOf = (connections: Connections): ReadonlySet<string> =>
  new Set(connections.list().map(({ id }) => id));
