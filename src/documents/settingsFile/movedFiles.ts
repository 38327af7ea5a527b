import type * as vscode from 'vscode';

/** Whether a file is another one, or is somewhere in that folder. */
export function isAtOrIn(file: vscode.Uri, place: vscode.Uri): boolean {
  const folder = place.path.endsWith('/') ? place.path : `${place.path}/`;
  return (
    file.scheme === place.scheme &&
    file.authority === place.authority &&
    (file.path === place.path || file.path.startsWith(folder))
  );
}

/** Where a file is after it, or a folder around it, was renamed or moved; `undefined` if neither was. */
export function movedTo(
  file: vscode.Uri,
  { oldUri, newUri }: { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri },
): vscode.Uri | undefined {
  return isAtOrIn(file, oldUri)
    ? newUri.with({ path: newUri.path + file.path.slice(oldUri.path.length) })
    : undefined;
}
