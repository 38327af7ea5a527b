import * as vscode from 'vscode';
import type { TextSpan } from '../../json/parse';

/** A stretch of a document as VS Code counts it. */
export const rangeOf = (document: vscode.TextDocument, { offset, length }: TextSpan): vscode.Range =>
  new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
