import * as vscode from 'vscode';
import type { TextSpan } from '../json/parse';

/** A span of a document as a range. */
export const rangeOf = (document: vscode.TextDocument, { offset, length }: TextSpan): vscode.Range =>
  new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
