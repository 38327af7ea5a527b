import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import { asText } from '../json/visibleText';
import type { Receipt } from '../operations/services';

const shownKeys = 6;

/** Records every write: a message in the status bar, and a line in the log. */
export class Receipts {
  constructor(
    private readonly connections: Connections,
    private readonly marks: EnvironmentMarks,
    private readonly log: Pick<vscode.LogOutputChannel, 'info'>,
  ) {}

  add({ done, connectionId, environmentId, name, keys = [], merged = [], isUndoable }: Receipt): void {
    const connection = this.connections.get(connectionId);
    const environment =
      name ?? this.marks.nameOf(connectionId, environmentId) ?? `environment ${environmentId}`;
    const origin = connection?.kind === 'sandbox' ? 'sandbox' : connection?.origin;
    const label = connection?.label ?? 'removed';
    const where = `environment ${environmentId}, connection "${label}", ${origin ?? 'unknown'}`;
    const text = (place: string, most: number): string =>
      `${done} ${place}${listed(': ', keys, most)}${listed('. Merged with changes made in PostHog: ', merged, most)}`;
    this.log.info(asText(text(`${environment} [${where}]`, Infinity)));
    void import('./statusMessages').then(({ showReceipt }) =>
      showReceipt(text(environment, shownKeys), isUndoable === true),
    );
  }
}

/** Names after some words, only the first ones if there are many; empty without any. */
function listed(words: string, names: readonly string[], most: number): string {
  const more = names.length - most;
  const shown = more > 1 ? [...names.slice(0, most), `and ${more} more`] : names;
  return names.length === 0 ? '' : `${words}${shown.join(', ')}`;
}
