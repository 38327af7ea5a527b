import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension';
import type { TreeNode } from '../../../src/tree/node';

/** The extension under development, not activated yet. */
export function extension(): vscode.Extension<TestApi> {
  const found = vscode.extensions.getExtension<TestApi>('posthog-environments.posthog-environments');
  if (found === undefined) {
    throw new Error('VS Code does not know the extension.');
  }
  if (found.isActive) {
    throw new Error('The extension is active before anything asked for it.');
  }
  return found;
}

/** The sandbox that the bench runs outside this process, with its control port. */
export function sandboxUrl(): string {
  const url = process.env.POSTHOG_ENVIRONMENTS_SANDBOX_URL;
  if (url === undefined) {
    throw new Error('The bench gave no sandbox.');
  }
  return url;
}

/** Requests sent by the extension since the last call. */
export async function takeRequests(): Promise<string[]> {
  const url = `${sandboxUrl()}/__sandbox__/requests`;
  const requests = (await (await fetch(url)).json()) as { method: string; path: string }[];
  await fetch(url, { method: 'DELETE' });
  return requests.map(({ method, path }) => `${method} ${path}`);
}

/** Rows of a kind (the first word of the context value). Expands the rows above them, but not themselves. */
export async function* findRows(api: TestApi, kind: string, below?: TreeNode): AsyncGenerator<TreeNode> {
  const { provider } = api.services;
  for (const row of await provider.getChildren(below)) {
    const item = provider.getTreeItem(row);
    if (item.contextValue?.split(' ')[0] === kind) {
      yield row;
    } else if (item.collapsibleState !== vscode.TreeItemCollapsibleState.None) {
      yield* findRows(api, kind, row);
    }
  }
}

/** The first of these rows. */
export async function findRow(api: TestApi, kind: string): Promise<TreeNode> {
  for await (const row of findRows(api, kind)) {
    return row;
  }
  throw new Error(`The sandbox shows no row of the kind "${kind}".`);
}
