import * as vscode from 'vscode';
import type { Documents } from './documents';
import type { PostHogFileSystem } from './fileSystem';
import type { MergeEditors } from './conflicts/mergeEditors';
import type { DocumentServices, OpenDocuments } from './openDocuments';
import { scheme } from './uris/scheme';

/**
 * The file system of documents and their merges, loaded with the first document. Removing a connection loads it too, to
 * delete what is stored for its documents.
 */
export class LazyDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly fileChanged = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.fileChanged.event;
  private readonly subscription: vscode.Disposable;
  private connectionIds: ReadonlySet<string>;
  private readonly restored = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  private loaded: Promise<OpenDocuments> | undefined;

  constructor(private readonly services: DocumentServices) {
    const { connections } = services;
    const ids = (): ReadonlySet<string> => new Set(connections.list().map(({ id }) => id));
    this.connectionIds = ids();
    this.subscription = connections.onDidChange(() => {
      if ([...this.connectionIds].some((id) => !connections.get(id))) {
        void this.open();
      }
      this.connectionIds = ids();
    });
    // After a crash of the extension host, VS Code doesn't request the documents that the window still shows.
    const unsaved = vscode.workspace.textDocuments.filter(
      ({ uri, isDirty }) => uri.scheme === scheme && isDirty,
    );
    if (unsaved.length > 0) {
      void this.open().then(({ documents }) => documents.takeUp(unsaved));
    }
  }

  async documents(): Promise<Documents> {
    return (await this.open()).documents;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return (await this.files(uri)).stat(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.files(uri)).readFile(uri);
  }

  /** VS Code has called `stat` before, so this doesn't wait for anything during which an editor could change. */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    return (await this.files(uri)).writeFile(uri, content);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    (await this.files(uri)).createDirectory();
  }

  async delete(uri: vscode.Uri): Promise<void> {
    (await this.files(uri)).delete();
  }

  async rename(uri: vscode.Uri): Promise<void> {
    (await this.files(uri)).rename();
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.fileChanged).dispose();
    void this.loaded?.then((open) => open.dispose());
  }

  private async files(uri: vscode.Uri): Promise<PostHogFileSystem | MergeEditors> {
    const { documents, files } = await this.open();
    return uri.scheme === scheme ? files : documents.merges;
  }

  private open(): Promise<OpenDocuments> {
    return (this.loaded ??= this.load(this.connectionIds));
  }

  private async load(connectionIds: ReadonlySet<string>): Promise<OpenDocuments> {
    const { OpenDocuments } = await import('./openDocuments');
    const open = new OpenDocuments(this.services, connectionIds, this.restored);
    open.documents.onDidChangeFile((changes) => this.fileChanged.fire(changes));
    return open;
  }
}
