import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { Documents } from '../documents/documents';
import { parseDocumentUri } from '../documents/uri';
import { commandName } from '../ui/commandIds';
import { StatusEntry } from '../ui/statusBar';

/** Says which connection and environment the active document belongs to: names alone look alike across stages. */
export class EnvironmentStatus implements vscode.Disposable {
  private readonly item = new StatusEntry(
    'posthogEnvironments.environment',
    'PostHog environment of the document',
    50,
  );
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly connections: Connections,
    private readonly documents: Documents,
  ) {
    this.subscriptions = [
      this.item,
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      documents.onDidChangeState(() => this.show()),
      connections.onDidChange(() => this.show()),
    ];
    this.show();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private show(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const parsed = uri && parseDocumentUri(uri);
    if (!uri || !parsed) {
      this.item.hide();
      return;
    }
    const { connectionId, environment, name, kind } = parsed.target;
    const connection = this.connections.get(connectionId);
    const readOnly = this.documents.peek(uri)?.readOnly;
    const place = `${connection?.label ?? 'removed connection'} › ${kind === 'settings' ? name : `environment ${environment.id}`}`;
    this.item.show({
      icon: readOnly === undefined ? 'layers' : 'lock',
      text: place,
      tooltip: [
        `${connection?.origin === '' ? 'Sandbox' : (connection?.origin ?? 'Removed connection')}, environment ${environment.id}`,
        ...(readOnly === undefined ? [] : [readOnly]),
        'Click to compare with what PostHog has now.',
      ],
      command: commandName('compare'),
      spoken: `PostHog ${place}`,
    });
  }
}
