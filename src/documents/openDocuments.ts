import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Directory } from '../directory/directory';
import type { RemoteChanges } from '../directory/remoteChanges';
import type { History } from '../operations/history/history';
import type { Unanswered } from '../operations/history/settle';
import type { Prompts } from '../ui/prompts';
import type { Rehearse } from '../operations/review/rehearsal';
import type { LazyPlaceStatus } from '../ui/lazyPlaceStatus';
import type { Receipts } from '../ui/receipts';
import type { AutoSaves } from './saving/autoSaves';
import { BaseStore } from './baseStore';
import { replaceCreatedDrafts } from './createdDrafts';
import { DocumentFeatures } from './documentFeatures';
import { Documents } from './documents';
import { PostHogFileSystem } from './fileSystem';
import { FormerTabs } from './formerTabs';
import { HistoryOfDocuments } from './historyOfDocuments';
import { KeptBases } from './keptBases';
import { documentPlaces } from './documentPlaces';
import { ProtectedMarks } from './protectedMarks';
import { DocumentSaves } from './saving/documentSaves';
import { showSaveNotifications } from './saving/saveNotifications';
import { shownIn } from './tabs';

/** What documents need. */
export interface DocumentServices {
  connections: Connections;
  directory: Directory;
  changes: RemoteChanges;
  marks: EnvironmentMarks;
  receipts: Pick<Receipts, 'add'>;
  /** What was written to PostHog. */
  history(): Promise<History>;
  /** Writes whose response was lost. */
  unanswered(): Promise<Unanswered>;
  place: LazyPlaceStatus;
  log: vscode.LogOutputChannel;
  autoSaves: AutoSaves;
  /** Where all workspaces store the bases of unsaved changes. */
  bases: vscode.Uri;
  /** Identifies this workspace's documents. */
  workspace: string;
  prompts(): Prompts;
  rehearse: Rehearse;
}

/** Everything for open documents. */
export class OpenDocuments implements vscode.Disposable {
  readonly documents: Documents;
  readonly files: PostHogFileSystem;
  private readonly parts: vscode.Disposable;

  /**
   * @param connectionIds the connections that existed when documents could last be opened
   * @param restored the tabs that there were when the extension started
   */
  constructor(
    services: DocumentServices,
    connectionIds: ReadonlySet<string>,
    restored: readonly vscode.Tab[],
  ) {
    const { connections, changes, marks, log, prompts } = services;
    const store = new BaseStore(services.bases, services.workspace, log);
    const bases = new KeptBases(store, connections, connectionIds, restored.flatMap(shownIn));
    this.documents = new Documents(connections, bases, changes, log, services);
    const features = new DocumentFeatures(this.documents, connections, log);
    const saves = new DocumentSaves(this.documents, features, services.autoSaves, services, log);
    this.files = new PostHogFileSystem(this.documents, saves, prompts, log);
    void services.place.add(documentPlaces(this.documents));
    this.parts = vscode.Disposable.from(
      this.documents,
      marks.onDidMark(() => this.documents.updatePermissions()),
      features,
      new HistoryOfDocuments(services, this.documents, connectionIds),
      new ProtectedMarks(connections, marks),
      new FormerTabs(this.documents, services, restored),
      showSaveNotifications(saves, prompts),
      replaceCreatedDrafts(saves, services, prompts, log),
    );
  }

  dispose(): void {
    this.parts.dispose();
  }
}
