import type * as vscode from 'vscode';
import type { Prompts } from '../../ui/prompts';
import type { PostHogFileSystem } from '../fileSystem';

/** Shows what a successful save has to report. VS Code itself shows failed ones. */
export function showSaveNotifications(files: PostHogFileSystem, prompts: () => Prompts): vscode.Disposable {
  return files.onDidSaveWithNotices(({ notices }) => void prompts().notify('information', notices.join(' ')));
}
