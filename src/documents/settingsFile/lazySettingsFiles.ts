import * as vscode from 'vscode';
import { fileError } from '../../ui/fileErrors';
import { sentence } from '../../ui/markdown';
import { driftScheme } from './driftScheme';
import type { SettingsFiles, SettingsFileServices } from './settingsFiles';

const readOnly = 'This shows how PostHog and the settings file differ. Edit the settings file.';

const refuse = (): never => {
  throw fileError('NoPermissions', readOnly);
};

/**
 * Settings files in the workspace, and files with proposed changes, loaded when the first one is opened. Both sides of
 * what drifts are files, so that their tabs come back after a window reload.
 */
export class LazySettingsFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  readonly createDirectory = refuse;
  readonly writeFile = refuse;
  readonly delete = refuse;
  readonly rename = refuse;
  private loaded: Promise<SettingsFiles> | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly services: SettingsFileServices) {
    const follow = ({ fileName }: vscode.TextDocument): void => {
      if (/posthog(\.environments|-change)\.json$/.test(fileName)) {
        void this.files();
      }
    };
    this.subscription = vscode.Disposable.from(
      this.changed,
      vscode.workspace.onDidOpenTextDocument(follow),
      vscode.workspace.registerFileSystemProvider(driftScheme, this, {
        isCaseSensitive: true,
        isReadonly: sentence(readOnly),
      }),
    );
    vscode.workspace.textDocuments.forEach(follow);
  }

  files(): Promise<SettingsFiles> {
    return (this.loaded ??= import('./settingsFiles').then(
      ({ SettingsFiles }) =>
        new SettingsFiles(this.services, (uris) =>
          this.changed.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri }))),
        ),
    ));
  }

  async stat(): Promise<vscode.FileStat> {
    return (await this.files()).drift.stat();
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.files()).drift.read(uri);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  dispose(): void {
    this.subscription.dispose();
    void this.loaded?.then((files) => files.dispose());
  }
}
