import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import { scheme } from '../documents/uris/scheme';
import { setContextKey } from '../ui/contextKeys';

/** Maintains the context keys for whether there is a connection, and which steps have been completed. */
export function keepContextKeys(connections: Connections): vscode.Disposable {
  const show = (): void => {
    const connected = connections.list().length > 0;
    setContextKey('connected', connected);
    setContextKey('unconnected', !connected);
  };
  show();
  return vscode.Disposable.from(
    connections.onDidChange(show),
    vscode.workspace.onDidOpenTextDocument(({ uri }) => {
      if (uri.scheme === scheme && uri.path.endsWith('.posthog-table.json')) {
        setContextKey('openedTable');
      }
    }),
  );
}
