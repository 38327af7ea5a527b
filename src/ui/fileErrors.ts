import * as vscode from 'vscode';
import { asText } from '../json/visibleText';

type Kind = 'FileNotFound' | 'NoPermissions' | 'Unavailable';

/**
 * What a file system throws. VS Code shows it in a notification of its own, in which links work: the only one is the
 * remedy, which stands first, because the message comes behind a long prefix.
 *
 * @param remedy made by `commandLink`
 */
export function fileError(kind: Kind, text: string, remedy = ''): vscode.FileSystemError {
  return vscode.FileSystemError[kind](remedy + asText(text));
}
