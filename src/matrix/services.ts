import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { RemoteChanges } from '../directory/remoteChanges';
import type { LazyPlaceStatus } from '../ui/lazyPlaceStatus';

/** What panels need. */
export interface MatrixServices {
  connections: Connections;
  changes: RemoteChanges;
  marks: EnvironmentMarks;
  log: vscode.LogOutputChannel;
  place: LazyPlaceStatus;
  extensionPath: string;
}
