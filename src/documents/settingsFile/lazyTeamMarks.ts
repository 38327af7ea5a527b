import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { TeamMark, TeamMarks } from '../../connections/environmentMarks';
import type { FileMarks, FileMarkServices } from './fileMarks';

/**
 * How the workspace's settings files mark environments. The files are searched when an environment's marks are first
 * requested, and watched from then on; the code that reads them is loaded with the first one. In an untrusted
 * workspace, they are only text.
 */
export class LazyTeamMarks implements TeamMarks, vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private watching: vscode.Disposable | undefined;
  private loading: Promise<FileMarks> | undefined;
  private loaded: FileMarks | undefined;
  private looking: Promise<void> | undefined;

  constructor(private readonly services: FileMarkServices) {
    const again = (): void => {
      this.looking = undefined;
      void this.known();
    };
    this.subscription = vscode.Disposable.from(
      vscode.workspace.onDidGrantWorkspaceTrust(again),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.looking && again()),
    );
  }

  known(): Promise<void> {
    return vscode.workspace.isTrusted ? (this.looking ??= this.look()) : Promise.resolve();
  }

  of(connection: Pick<Connection, 'kind' | 'origin'>, environmentId: number): TeamMark | undefined {
    void this.known();
    return this.loaded?.of(connection, environmentId);
  }

  /** Reads a settings file, which may be new, changed, or deleted. */
  async read(uri: vscode.Uri): Promise<void> {
    if (vscode.workspace.isTrusted) {
      this.loaded = await (this.loading ??= import('./fileMarks').then(
        ({ FileMarks }) => new FileMarks(this.services),
      ));
      await this.loaded.read(uri);
    }
  }

  dispose(): void {
    this.subscription.dispose();
    this.watching?.dispose();
    this.loaded?.dispose();
  }

  private async look(): Promise<void> {
    const name = 'posthog.environments.json';
    this.watching ??= this.watch(`**/${name}`);
    // A file at the top of a folder, its usual place, counts even if the search fails.
    const tops = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => vscode.Uri.joinPath(uri, name));
    const found = await Promise.all([
      vscode.workspace.findFiles(`**/${name}`, '**/node_modules/**').then(undefined, () => []),
      ...tops.map((uri) =>
        vscode.workspace.fs.stat(uri).then(
          () => [uri],
          () => [],
        ),
      ),
    ]);
    // One after the other, as the marks are read anyway.
    for (const uri of new Set(found.flat().map(String))) {
      await this.read(vscode.Uri.parse(uri));
    }
  }

  private watch(pattern: string): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const read = (uri: vscode.Uri): void => void this.read(uri);
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(read),
      watcher.onDidChange(read),
      watcher.onDidDelete(read),
    );
  }
}
