import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import { confirmSettings, type ConfirmSetting } from '../operations/review/consent';

/** The setting `posthogEnvironments.save.confirm`; anything else counts as its default. */
export function confirmSetting(): ConfirmSetting {
  const value: unknown = vscode.workspace.getConfiguration('posthogEnvironments').get('save.confirm');
  return confirmSettings.find((one) => one === value) ?? 'protected';
}

/** A connection's destination, as a review shows it. */
export const placeOf = ({ kind, origin, label }: Connection): { host: string; connection: string } => ({
  host: kind === 'sandbox' ? 'this computer' : origin,
  connection: label,
});
