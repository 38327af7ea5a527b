import type * as vscode from 'vscode';
import type { Prompts } from '../ui/prompts';
import type { PostHogFileSystem } from './fileSystem';

/** Tells what is to be known about a save that succeeded. A refused one is told by VS Code itself. */
export function tellSaves(files: PostHogFileSystem, prompts: () => Prompts): vscode.Disposable {
  return files.onDidSaveWithNotices(({ notices }) => void prompts().tell('information', notices.join(' ')));
}
