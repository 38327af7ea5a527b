import * as vscode from 'vscode';
import { fileError } from './fileErrors';
import { sentence } from './markdown';

/** Files that can be read, but not edited. */
export abstract class ReadOnlyFiles implements vscode.FileSystemProvider, vscode.Disposable {
  protected readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  readonly createDirectory: () => never;
  readonly writeFile: () => never;
  readonly delete: () => never;
  readonly rename: () => never;
  private readonly registration: vscode.Disposable;

  /** @param why why they can't be edited, as sentences */
  constructor(scheme: string, why: string) {
    const refuse = (): never => {
      throw fileError('NoPermissions', why);
    };
    this.createDirectory = this.writeFile = this.delete = this.rename = refuse;
    this.registration = vscode.workspace.registerFileSystemProvider(scheme, this, {
      isCaseSensitive: true,
      isReadonly: sentence(why),
    });
  }

  abstract stat(uri: vscode.Uri): Promise<vscode.FileStat>;

  abstract readFile(uri: vscode.Uri): Promise<Uint8Array>;

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
