import * as vscode from 'vscode';
import { fixEdit } from '../../json/fixEdit';
import type { FixStep } from '../../json/parse';
import { rangeOf } from '../../ui/spans';

/** The edit that applies steps to a document; `undefined` if its text can't be edited that way. */
export function editOf(
  document: vscode.TextDocument,
  steps: readonly FixStep[],
): vscode.WorkspaceEdit | undefined {
  const spot = fixEdit(document.getText(), steps);
  if (!spot) {
    return undefined;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, spot), spot.text);
  return edit;
}
