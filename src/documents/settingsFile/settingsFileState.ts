import type * as vscode from 'vscode';
import type { EnvironmentPlan } from '../../operations/settingsFile/planEnvironment';
import { settingsFileName } from '../../operations/settingsFile/fileNames';
import type { ReadSettingsFile } from '../../operations/settingsFile/settingsFile';

/** A settings file that is open, or was opened in this session. */
export interface SettingsFileState {
  readonly uri: vscode.Uri;
  read: ReadSettingsFile;
  /** The result of the last check, in the order of the file. */
  plans: readonly EnvironmentPlan[];
  checkedAt: Date | undefined;
  /** The check that is under way. */
  checking: AbortController | undefined;
  /** The file was deleted or renamed: nothing about it is shown any longer. */
  readonly isGone?: true;
}

/** What is known about settings files. */
export interface SettingsFileStates {
  readonly onDidChange: vscode.Event<SettingsFileState>;
  get(uri: vscode.Uri): SettingsFileState | undefined;
  /** The result for a file, which is checked first if necessary. */
  checked(uri: vscode.Uri): Promise<SettingsFileState>;
}

/** Whether a document is a settings file. */
export const isSettingsFile = ({ uri }: Pick<vscode.TextDocument, 'uri'>): boolean =>
  uri.path.endsWith(`/${settingsFileName}`) && uri.scheme !== 'git';
