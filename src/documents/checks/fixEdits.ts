import type * as vscode from 'vscode';
import { fixEdit } from '../../json/fixEdit';
import type { FixStep } from '../../json/parse';
import { rangeOf } from '../../ui/spans';
import { replacing } from '../textEdits';

/** The edit that applies steps to a document; `undefined` if its text can't be edited that way. */
export function editOf(
  document: vscode.TextDocument,
  steps: readonly FixStep[],
): vscode.WorkspaceEdit | undefined {
  const spot = fixEdit(document.getText(), steps);
  return spot && replacing(document, rangeOf(document, spot), spot.text);
}
