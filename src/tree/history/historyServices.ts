import type * as vscode from 'vscode';
import type { Connections } from '../../connections/connections';
import type { EnvironmentMarks } from '../../connections/environmentMarks';
import type { Directory } from '../../directory/directory';
import type { Prompts } from '../../ui/prompts';

/** What the history needs. */
export interface HistoryServices {
  connections: Connections;
  directory: Directory;
  marks: EnvironmentMarks;
  log: vscode.LogOutputChannel;
  /** Where entries are stored, for all workspaces. */
  folder: vscode.Uri;
  timeLimitMs(): number;
  prompts(): Prompts;
}
