import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { Memento } from '../connections/ports';
import type { LazyPlaceStatus } from '../ui/lazyPlaceStatus';
import type { KnownOrganizations } from '../directory/organizationName';
import type { RemoteChanges } from '../directory/remoteChanges';

/** What panels need. */
export interface WebVitalsServices {
  connections: Connections;
  directory: KnownOrganizations;
  changes: RemoteChanges;
  log: vscode.LogOutputChannel;
  place: LazyPlaceStatus;
  extensionPath: string;
  /** Where recent paths are stored. */
  memento: Memento;
}
