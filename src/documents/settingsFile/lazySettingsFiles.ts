import * as vscode from 'vscode';
import type { SettingsFiles, SettingsFileServices } from './settingsFiles';

/** Settings files in the workspace, and files with proposed changes, loaded when the first one is opened. */
export class LazySettingsFiles implements vscode.Disposable {
  private loaded: Promise<SettingsFiles> | undefined;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly services: SettingsFileServices) {
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
      ({ SettingsFiles }) => new SettingsFiles(this.services),
    ));
  }

  dispose(): void {
    this.subscription.dispose();
    void this.loaded?.then((files) => files.dispose());
  }
}
