import type * as vscode from 'vscode';
import { changeFileExtension } from '../../operations/settingsFile/changeFile';
import { reportScheme } from '../../reports/reportServices';

/** Whether a URI is that of a file with proposed changes. Changes of the history have the same name, and are no files. */
export const isChangeFile = ({ scheme, path }: vscode.Uri): boolean =>
  path.endsWith(changeFileExtension) && scheme !== reportScheme && scheme !== 'git';
