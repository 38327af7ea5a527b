import type * as vscode from 'vscode';
import type { Connections } from '../../connections/connections';
import type { EnvironmentMarks } from '../../connections/environmentMarks';
import type { Directory } from '../../directory/directory';
import type { Prompts } from '../../ui/prompts';

/** What the history works with. */
export interface HistoryServices {
  connections: Connections;
  directory: Directory;
  marks: EnvironmentMarks;
  log: vscode.LogOutputChannel;
  /** Where entries are kept, for all workspaces. */
  folder: vscode.Uri;
  timeLimitMs(): number;
  prompts(): Prompts;
}
