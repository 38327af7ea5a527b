import * as vscode from 'vscode';
import { asText } from '../json/visibleText';
import type { ValueHint } from '../settings/walk';

/** The hints in a range of a document. */
export function inlayHints(
  document: vscode.TextDocument,
  range: vscode.Range,
  hints: readonly ValueHint[],
): vscode.InlayHint[] {
  const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  return hints
    .filter(({ offset }) => offset >= from && offset <= to)
    .map(({ offset, text }) => {
      const hint = new vscode.InlayHint(document.positionAt(offset), asText(text));
      hint.paddingLeft = true;
      return hint;
    });
}
