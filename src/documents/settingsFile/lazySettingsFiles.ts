import * as vscode from 'vscode';
import { ReadOnlyFiles } from '../../ui/readOnlyFiles';
import { driftScheme } from './driftScheme';
import type { SettingsFiles, SettingsFileServices } from './settingsFiles';

/**
 * Settings files and change files in the workspace, loaded when the first one is opened. Both sides of a drifting
 * setting are files, so their tabs are restored after a window reload.
 */
export class LazySettingsFiles extends ReadOnlyFiles {
  private loaded: Promise<SettingsFiles> | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly services: SettingsFileServices) {
    super(driftScheme, 'This shows how PostHog and the settings file differ. Edit the settings file.');
    const follow = ({ fileName }: vscode.TextDocument): void => {
      if (/posthog(\.environments|-change)\.json$/.test(fileName)) {
        void this.files();
      }
    };
    this.subscription = vscode.workspace.onDidOpenTextDocument(follow);
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

  override dispose(): void {
    super.dispose();
    this.subscription.dispose();
    void this.loaded?.then((files) => files.dispose());
  }
}
