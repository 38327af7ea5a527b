import * as vscode from 'vscode';
import { asText } from '../json/visibleText';

type Kind = 'FileNotFound' | 'NoPermissions' | 'Unavailable';

/**
 * A file system error. VS Code shows it in its own notification, behind a long prefix of its own and the error's name,
 * which no one needs: only that of a missing file tells VS Code something.
 */
export function fileError(kind: Kind, text: string): vscode.FileSystemError {
  const error = vscode.FileSystemError[kind](asText(text));
  if (kind !== 'FileNotFound') {
    error.name = '';
  }
  return error;
}
