import * as vscode from 'vscode';
import { parseDocumentUri } from './uri';

/** The tabs that show a document, on its own or as a side of a comparison. */
export function tabsShowing(matches: (uri: vscode.Uri) => boolean): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => {
      if (input instanceof vscode.TabInputText) {
        return matches(input.uri);
      }
      return input instanceof vscode.TabInputTextDiff && (matches(input.original) || matches(input.modified));
    });
}

/**
 * Closes the documents of an environment that is gone. Those with unsaved changes stay, with their text.
 *
 * @returns the titles of the documents that stay
 */
export async function closeDocumentsOf(connectionId: string, environmentId: number): Promise<string[]> {
  const tabs = tabsShowing((uri) => {
    const target = parseDocumentUri(uri)?.target;
    return target?.connectionId === connectionId && target.environment.id === environmentId;
  });
  await vscode.window.tabGroups.close(
    tabs.filter(({ isDirty }) => !isDirty),
    true,
  );
  return [...new Set(tabs.filter(({ isDirty }) => isDirty).map(({ label }) => label))];
}
