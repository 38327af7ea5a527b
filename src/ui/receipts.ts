import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import { distinctPlace, type KnownOrganizations } from '../directory/organizationName';
import { showReceipt } from './statusMessages';
import { asText } from '../json/visibleText';
import type { Receipt } from '../operations/services';

const shownKeys = 6;

/** What a receipt needs to name the place. */
export interface ReceiptServices {
  readonly connections: Pick<Connections, 'get' | 'list'>;
  readonly marks: EnvironmentMarks;
  readonly directory: KnownOrganizations;
  readonly log: Pick<vscode.LogOutputChannel, 'info'>;
}

/** Records every write: a message in the status bar, and a line in the log. */
export class Receipts {
  constructor(private readonly services: ReceiptServices) {}

  add({ done, connectionId, environmentId, name, keys = [], merged = [], isUndoable }: Receipt): void {
    const { connections, marks, log } = this.services;
    const connection = connections.get(connectionId);
    const environment = name ?? marks.nameOf(connectionId, environmentId) ?? `environment ${environmentId}`;
    const at = { connectionId, environment: { id: environmentId, projectId: environmentId } };
    const origin = connection?.kind === 'sandbox' ? 'sandbox' : connection?.origin;
    const label = connection?.label ?? 'removed';
    const where = `environment ${environmentId}, connection "${label}", ${origin ?? 'unknown'}`;
    const text = (place: string, most: number): string =>
      `${done} ${place}${listed(': ', keys, most)}${listed('. Merged with changes made in PostHog: ', merged, most)}`;
    log.info(asText(text(`${environment} [${where}]`, Infinity)));
    showReceipt(text(distinctPlace(this.services, at, environment), shownKeys), isUndoable === true);
  }
}

/** Names after some words, only the first ones if there are many; empty without any. */
function listed(words: string, names: readonly string[], most: number): string {
  const more = names.length - most;
  const shown = more > 1 ? [...names.slice(0, most), `and ${more} more`] : names;
  return names.length === 0 ? '' : `${words}${shown.join(', ')}`;
}
