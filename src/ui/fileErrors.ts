import * as vscode from 'vscode';
import { asText } from '../json/visibleText';

type Kind = 'FileNotFound' | 'NoPermissions' | 'Unavailable';

/**
 * A file system error. VS Code shows it in its own notification, where links work: the only link is the remedy, and it
 * comes first, because VS Code puts a long prefix before the message.
 *
 * @param remedy made by `commandLink`
 */
export function fileError(kind: Kind, text: string, remedy = ''): vscode.FileSystemError {
  return vscode.FileSystemError[kind](remedy + asText(text));
}
