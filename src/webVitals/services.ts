import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { Memento } from '../connections/ports';
import type { LazyPlaceStatus } from '../ui/lazyPlaceStatus';
import type { Directory } from '../directory/directory';
import type { RemoteChanges } from '../directory/remoteChanges';

/** What panels need. */
export interface WebVitalsServices {
  connections: Connections;
  directory: Pick<Directory, 'known'>;
  changes: RemoteChanges;
  log: vscode.LogOutputChannel;
  place: LazyPlaceStatus;
  extensionPath: string;
  /** Where recent paths are stored. */
  memento: Memento;
}
