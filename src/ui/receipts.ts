import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import { showInStatusBar } from './statusBar';
import { asText } from '../json/visibleText';
import type { Receipt } from '../operations/services';

const shownKeys = 6;

/** Leaves a trace of every write: a text in the status bar for now, and a line in the log for later. */
export class Receipts {
  constructor(
    private readonly connections: Connections,
    private readonly marks: EnvironmentMarks,
    private readonly log: Pick<vscode.LogOutputChannel, 'info'>,
  ) {}

  add({ done, connectionId, environmentId, name, keys = [] }: Receipt): void {
    const connection = this.connections.get(connectionId);
    const environment =
      name ?? this.marks.nameOf(connectionId, environmentId) ?? `environment ${environmentId}`;
    const origin = connection?.kind === 'sandbox' ? 'sandbox' : connection?.origin;
    const label = connection?.label ?? 'removed';
    const listed = (names: readonly string[]): string => (names.length === 0 ? '' : `: ${names.join(', ')}`);
    const where = `environment ${environmentId}, connection "${label}", ${origin ?? 'unknown'}`;
    this.log.info(asText(`${done} ${environment} [${where}]${listed(keys)}`));
    const more = keys.length - shownKeys;
    const shown = more > 1 ? [...keys.slice(0, shownKeys), `and ${more} more`] : keys;
    showInStatusBar('check', `${done} ${environment}${listed(shown)}`);
  }
}
