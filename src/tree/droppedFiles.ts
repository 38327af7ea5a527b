import * as vscode from 'vscode';

/** The files that were dropped, from the Explorer or from outside VS Code. */
export async function droppedFiles(data: vscode.DataTransfer): Promise<readonly vscode.Uri[]> {
  const list = (await data.get('text/uri-list')?.asString()) ?? '';
  const uris = list
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => vscode.Uri.parse(line));
  for (const [, item] of data) {
    const uri = item.asFile()?.uri;
    if (uri && !uris.some((known) => known.toString() === uri.toString())) {
      uris.push(uri);
    }
  }
  return uris;
}

/** Why nothing is uploaded if files are dropped elsewhere. */
export const droppedElsewhere = 'Drop files on the "Warehouse tables" row of an environment.';

/** Why nothing is uploaded if what was dropped isn't a file that VS Code can read. */
export const notReadable =
  'These files can\'t be read from here. Use "Upload File…", or drop them from the Explorer.';
