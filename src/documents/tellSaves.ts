import * as vscode from 'vscode';
import type { Prompts } from '../connections/prompts';
import type { PostHogFileSystem, SaveFailure } from './fileSystem';
import { parseDocumentUri } from './uri';

/** The buttons that do something about a refused save. VS Code's own message about it has Retry and Revert. */
const remedies = {
  compare: { button: 'Compare', command: 'posthogEnvironments.compare' },
  replaceKey: { button: 'Replace Key…', command: 'posthogEnvironments.replaceKey' },
} as const;

/** Offers the remedy of a save that was refused, and tells what is to be known about one that succeeded. */
export function tellSaves(files: PostHogFileSystem, prompts: () => Prompts): vscode.Disposable {
  const offer = async ({ uri, message, remedy }: SaveFailure): Promise<void> => {
    if (remedy !== 'compare' && remedy !== 'replaceKey') {
      return;
    }
    const { button, command } = remedies[remedy];
    if ((await prompts().tell('warning', message, button)) === button) {
      const connectionId = parseDocumentUri(uri)?.target.connectionId;
      await vscode.commands.executeCommand(command, remedy === 'compare' ? uri : { connectionId });
    }
  };
  return vscode.Disposable.from(
    files.onDidFailToSave((failure) => void offer(failure)),
    files.onDidSaveWithNotices(({ notices }) => void prompts().tell('information', notices.join(' '))),
  );
}
