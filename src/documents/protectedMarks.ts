import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import { scheme } from './uris/scheme';
import { parseDocumentUri } from './uris/uri';

/** Marks the tabs of protected environments' documents with a letter, which doesn't depend on color. */
export class ProtectedMarks implements vscode.FileDecorationProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeFileDecorations = this.changed.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly connections: Connections,
    private readonly marks: EnvironmentMarks,
  ) {
    const tell = (): void => this.changed.fire(undefined);
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      vscode.window.registerFileDecorationProvider(this),
      marks.onDidMark(tell),
      marks.onDidSee(tell),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const parsed = uri.scheme === scheme ? parseDocumentUri(uri) : undefined;
    const connection = parsed && this.connections.get(parsed.target.connectionId);
    if (parsed?.view !== 'edit' || !connection) {
      return undefined;
    }
    const { environment } = parsed.target;
    return this.marks.isProtected(connection, environment.id)
      ? new vscode.FileDecoration('P', 'Protected environment')
      : undefined;
  }
}
