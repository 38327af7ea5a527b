import type * as vscode from 'vscode';
import { changeFileExtension } from '../../operations/settingsFile/changeFile';
import { reportScheme } from '../../reports/reportServices';

/** Whether a URI is that of a change file. Changes in the history have the same name, but aren't files. */
export const isChangeFile = ({ scheme, path }: vscode.Uri): boolean =>
  path.endsWith(changeFileExtension) && scheme !== reportScheme && scheme !== 'git';
