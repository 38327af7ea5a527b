import * as vscode from 'vscode';
import { parseDocument } from '../json/parse';

/**
 * Selects a range of a visible document and scrolls to it. VS Code may show the document in another editor by now,
 * which loses the old one's selection, so this asks VS Code to show the document with the selection.
 *
 * @param whole what must be visible; the range itself if absent
 */
export async function selectRange(
  { document, viewColumn }: vscode.TextEditor,
  range: vscode.Range,
  reveal: vscode.TextEditorRevealType,
  whole = range,
): Promise<void> {
  const editor = await vscode.window.showTextDocument(document, {
    selection: range,
    ...(viewColumn !== undefined && { viewColumn }),
  });
  editor.revealRange(whole, reveal);
}

/** Selects the key of a top-level value of a JSON document. @returns whether the document has it */
export async function selectKey(
  editor: vscode.TextEditor,
  key: string,
  reveal: vscode.TextEditorRevealType,
): Promise<boolean> {
  const { document } = editor;
  const parsed = parseDocument(document.getText());
  if (!parsed.ok || !Object.hasOwn(parsed.value, key)) {
    return false;
  }
  const { offset, length } = parsed.locateKey([key]);
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  await selectRange(editor, range, reveal);
  return true;
}
