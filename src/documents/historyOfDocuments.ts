import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { History } from '../operations/history/history';
import type { Unanswered } from '../operations/history/settle';
import type { Documents } from './documents';
import type { DocumentState } from './documentState';

interface HistoryServices {
  connections: Connections;
  log: vscode.LogOutputChannel;
  history(): Promise<History>;
  unanswered(): Promise<Unanswered>;
}

/**
 * Connects open documents to the history: removing a connection removes its history, and opening a document of an
 * environment checks the writes to it whose response was lost.
 */
export class HistoryOfDocuments implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly seen = new WeakSet<DocumentState>();

  /** @param connectionIds the connections that existed when documents could last be opened */
  constructor(
    private readonly services: HistoryServices,
    documents: Documents,
    private connectionIds: ReadonlySet<string>,
  ) {
    this.subscriptions = [
      vscode.Disposable.from(services.connections.onDidChange(() => this.forgetRemoved())),
      documents.onDidChangeState((state) => this.look(state)),
    ];
    this.forgetRemoved();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private forgetRemoved(): void {
    const before = this.connectionIds;
    this.connectionIds = new Set(this.services.connections.list().map(({ id }) => id));
    for (const id of before) {
      if (!this.connectionIds.has(id)) {
        this.services
          .history()
          .then((history) => history.removeConnection(id))
          .catch((error: unknown) => this.fail(error));
      }
    }
  }

  private look(state: DocumentState): void {
    const { target } = state;
    if (target.kind !== 'new' && !this.seen.has(state)) {
      this.seen.add(state);
      this.services
        .unanswered()
        .then((unanswered) => unanswered.look(target.connectionId, target.environment.id))
        .catch((error: unknown) => this.fail(error));
    }
  }

  /** Nobody waits for any of this, so a failure is only logged. */
  private fail(error: unknown): void {
    this.services.log.error(`Couldn't check the history: ${String(error)}`);
  }
}
