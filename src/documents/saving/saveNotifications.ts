import type * as vscode from 'vscode';
import type { Prompts } from '../../ui/prompts';
import type { DocumentSaves } from './documentSaves';

/** Shows what a successful save has to report. VS Code itself shows failed ones. */
export function showSaveNotifications(saves: DocumentSaves, prompts: () => Prompts): vscode.Disposable {
  return saves.onDidSaveWithNotices(({ notices }) => void prompts().notify('information', notices.join(' ')));
}
