import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Documents } from './documents';
import { parseDocumentUri, type DocumentTarget } from './uri';
import { commandName } from '../ui/commandIds';
import { StatusEntry } from '../ui/statusBar';

/**
 * Shows the connection and environment of the active document, because environments of different stages often have the
 * same name.
 */
export class EnvironmentStatus implements vscode.Disposable {
  private readonly item = new StatusEntry('posthogEnvironments.environment', 'PostHog Environments', 50);
  /** Environments whose name was requested. */
  private readonly asked = new Set<string>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly connections: Connections,
    private readonly documents: Documents,
    private readonly marks: EnvironmentMarks,
  ) {
    this.subscriptions = [
      this.item,
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
      documents.onDidChangeState(() => this.show()),
      connections.onDidChange(() => this.show()),
      marks.onDidSee(() => this.show()),
      marks.onDidMark(() => this.show()),
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
    const known = this.marks.nameOf(connectionId, environment.id);
    if (known === undefined && kind === 'table') {
      void this.askName(parsed.target);
    }
    const shown = known ?? (kind === 'settings' ? name : `environment ${environment.id}`);
    const place = `${connection?.label ?? 'removed connection'} › ${shown}`;
    const isProtected = connection && this.marks.isProtected(connection, environment.id);
    this.item.show({
      icon: readOnly === undefined ? 'layers' : 'lock',
      text: place,
      tooltip: [
        `${connection?.origin === '' ? 'Sandbox' : (connection?.origin ?? 'Removed connection')}, environment ${environment.id}`,
        ...(isProtected ? ['Protected: saving asks first.'] : []),
        ...(readOnly === undefined ? [] : [readOnly]),
        "Click to compare with PostHog's current version.",
      ],
      command: commandName('compare'),
      spoken: `PostHog ${place}`,
    });
  }

  /** A table's document doesn't contain its environment's name. */
  private async askName({ connectionId, environment }: DocumentTarget): Promise<void> {
    const key = `${connectionId}/${environment.id}`;
    if (this.asked.has(key) || !this.connections.get(connectionId)) {
      return;
    }
    this.asked.add(key);
    try {
      const client = await this.connections.client(connectionId);
      const { name } = await client.getEnvironment(environment, new AbortController().signal);
      this.marks.see(connectionId, environment.id, name);
    } catch {
      // The ID is shown instead. Opening the document reports what is wrong.
    }
  }
}
