import * as vscode from 'vscode';
import { asText } from '../json/visibleText';

type Kind = 'FileNotFound' | 'NoPermissions' | 'Unavailable';

/**
 * A file system error. VS Code shows it in its own notification, after a long prefix and the error's name, which no one
 * needs: VS Code only reacts to that of a missing file.
 */
export function fileError(kind: Kind, text: string): vscode.FileSystemError {
  const error = vscode.FileSystemError[kind](asText(text));
  if (kind !== 'FileNotFound') {
    error.name = '';
  }
  return error;
}
