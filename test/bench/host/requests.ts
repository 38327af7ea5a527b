import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension';
import type { TreeNode } from '../../../src/tree/node';
import { extension, findRow, findRows, takeRequests } from './extension';

/** Requests by user action. */
export async function measureRequests(): Promise<{ requests: Record<string, string[]> }> {
  // Earlier requests belong to other measurements.
  await takeRequests();
  const api = await extension().activate();
  const requests: Record<string, string[]> = { activation: await takeRequests() };

  const { provider } = api.services;
  let firstPage: TreeNode[] = [];
  let more: TreeNode | undefined;
  for await (const tables of findRows(api, 'tables')) {
    await takeRequests();
    firstPage = await provider.getChildren(tables);
    requests.firstTreePage = await takeRequests();
    more = firstPage.find((row) => row.id.endsWith('/more'));
    if (more !== undefined) {
      break;
    }
  }
  await vscode.commands.executeCommand('posthogEnvironments.loadMore', need(more, 'row "Load more…"'));
  requests.nextTreePage = await takeRequests();

  const settings = await findRow(api, 'settings');
  Object.assign(
    requests,
    await documentRequests(api, 'Settings', 'openSettings', settings, replaceInSettings),
  );
  const table = need(
    firstPage.find((row) => provider.getTreeItem(row).contextValue?.includes('writable')),
    'table that can be written',
  );
  Object.assign(requests, await documentRequests(api, 'Table', 'openTable', table, replaceInTable));
  return { requests };
}

async function documentRequests(
  api: TestApi,
  name: string,
  command: string,
  row: TreeNode,
  change: (text: string) => string,
): Promise<Record<string, string[]>> {
  await takeRequests();
  await vscode.commands.executeCommand(`posthogEnvironments.${command}`, row);
  const open = await takeRequests();
  const { document } = need(vscode.window.activeTextEditor, `editor after ${command}`);
  await setText(document, `${document.getText()}\n`);
  await save(document);
  const unchanged = await takeRequests();
  await setText(document, change(document.getText()));
  await save(document);
  const changed = await takeRequests();
  api.services.log.debug(`measured ${name}`);
  return { [`open${name}`]: open, [`save${name}Unchanged`]: unchanged, [`save${name}Changed`]: changed };
}

async function setText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new Error(`VS Code refused to edit ${document.uri.path}.`);
  }
}

async function save(document: vscode.TextDocument): Promise<void> {
  if (!document.isDirty || !(await document.save())) {
    throw new Error(`${document.uri.path} could not be saved.`);
  }
}

function replaceInSettings(text: string): string {
  return replaced(text, /"name": "([^"]*)"/, '"name": "$1 measured"');
}

function replaceInTable(text: string): string {
  return replaced(text, /"name": "([^"]*)"/, '"name": "$1_measured"');
}

function replaced(text: string, pattern: RegExp, by: string): string {
  const after = text.replace(pattern, by);
  if (after === text) {
    throw new Error('The document has no name to change.');
  }
  return after;
}

function need<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`There is no ${what}.`);
  }
  return value;
}
