import * as vscode from 'vscode';

/** Lines that differ between a document and a text: the document's, and their replacement. */
interface Difference {
  readonly range: vscode.Range;
  readonly text: string;
}

/** From the first to the last line that differs. */
function differenceOf(document: vscode.TextDocument, text: string): Difference {
  const before = document.getText().split(/\r?\n/);
  const after = text.split(/\r?\n/);
  const lines = Math.min(before.length, after.length) - 1;
  const start = count(lines, (index) => before[index] === after[index]);
  const end = count(lines - start, (index) => before.at(-1 - index) === after.at(-1 - index));
  const last = before.length - end - 1;
  return {
    range: new vscode.Range(start, 0, last, before[last]?.length ?? 0),
    text: after.slice(start, after.length - end).join('\n'),
  };
}

/**
 * The edit that turns a document into a text. VS Code shortens a workspace edit if it can, so the cursor and folding
 * between two differences stay.
 */
export function editTo(document: vscode.TextDocument, text: string): vscode.WorkspaceEdit {
  const difference = differenceOf(document, text);
  return replacing(document, difference.range, difference.text);
}

/**
 * An edit that replaces a range. VS Code shortens edits to the UTF-16 code units that differ, and then widens them to
 * whole characters without adding the other half to the text: one emoji in place of another becomes garbage
 * (microsoft/vscode#248268). Edits with metadata stay as they are.
 */
export function replacing(
  document: vscode.TextDocument,
  range: vscode.Range,
  text: string,
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const hasPairs = /[\ud800-\udfff]/.test(document.getText(range) + text);
  const exactly = hasPairs ? { label: 'Replace text', needsConfirmation: false } : undefined;
  edit.replace(document.uri, range, text, exactly);
  return edit;
}

/** The whole range of a document. */
export const wholeOf = (document: vscode.TextDocument): vscode.Range =>
  new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));

/** Whether a document has a text, whatever its line endings. */
export const hasText = (document: vscode.TextDocument, text: string): boolean =>
  document.getText().replaceAll('\r\n', '\n') === text.replaceAll('\r\n', '\n');

/** Whether a document differs from a text in more than one line. */
export const differsWidely = (document: vscode.TextDocument, text: string): boolean =>
  !differenceOf(document, text).range.isSingleLine;

/** Counts how many leading indexes satisfy a condition, up to `limit`. */
function count(limit: number, holds: (index: number) => boolean): number {
  let index = 0;
  while (index < limit && holds(index)) {
    index += 1;
  }
  return index;
}
