import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { RemoteChanges } from '../directory/remoteChanges';

/** What panels need. */
export interface MatrixServices {
  connections: Connections;
  changes: RemoteChanges;
  marks: EnvironmentMarks;
  log: vscode.LogOutputChannel;
  extensionPath: string;
}
