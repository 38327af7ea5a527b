import * as vscode from 'vscode';
import { parseDocumentUri, targetKey, type DocumentTarget, type DocumentView } from './uris/uri';

/** The texts that a tab shows. */
export function shownIn({ input }: vscode.Tab): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) {
    return [input.uri];
  }
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

/** The tabs that show a document, alone or in a comparison. */
function tabsShowing(matches: (uri: vscode.Uri) => boolean): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter((tab) => shownIn(tab).some(matches));
}

/** The tabs that show one document. */
export function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  const key = uri.toString();
  return tabsShowing((one) => one.toString() === key);
}

/** The URI of an open document for the same target, possibly under an older name. */
export function openUri(
  target: DocumentTarget,
  view: DocumentView,
  accepts: (uri: vscode.Uri) => boolean = () => true,
): vscode.Uri | undefined {
  return vscode.workspace.textDocuments.find(({ uri, isClosed }) => {
    const open = parseDocumentUri(uri);
    return !isClosed && open?.view === view && targetKey(open.target) === targetKey(target) && accepts(uri);
  })?.uri;
}

/**
 * Closes the documents of a deleted environment. Those with unsaved changes stay open.
 *
 * @returns the titles of the documents that stay open
 */
export async function closeDocumentsOf(connectionId: string, environmentId: number): Promise<string[]> {
  return closeClean(
    (target) => target.connectionId === connectionId && target.environment.id === environmentId,
  );
}

/** Like {@link closeDocumentsOf}, for tables by ID. */
export async function closeTables(connectionId: string, tableIds: readonly string[]): Promise<string[]> {
  return closeClean(
    (target) =>
      target.connectionId === connectionId && target.kind === 'table' && tableIds.includes(target.tableId),
  );
}

async function closeClean(matches: (target: DocumentTarget) => boolean): Promise<string[]> {
  const tabs = tabsShowing((uri) => {
    const target = parseDocumentUri(uri)?.target;
    return target !== undefined && matches(target);
  });
  await vscode.window.tabGroups.close(
    tabs.filter(({ isDirty }) => !isDirty),
    true,
  );
  return [...new Set(tabs.filter(({ isDirty }) => isDirty).map(({ label }) => label))];
}
