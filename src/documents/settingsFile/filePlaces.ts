import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import { readChangeFile } from '../../operations/settingsFile/changeFile';
import type { FileEnvironment } from '../../operations/settingsFile/settingsFile';
import type { Place, PlaceSource } from '../../ui/placeStatus';
import { shownUri } from '../saving/activeTab';
import { openDocument } from '../showDocument';
import { isChangeFile } from './changeFileNames';
import { driftSideOf } from './driftDocuments';
import { driftScheme } from './driftScheme';
import type { SettingsFileStates } from './settingsFileState';

/** What finding the environments of files needs. */
interface FilesWithPlaces extends SettingsFileStates {
  connectionOf(target: FileEnvironment): Connection | undefined;
}

/**
 * The environments of settings files, of drifting settings, and of change files, if there is a connection to them. In an
 * untrusted workspace, they are only text.
 */
export const filePlaces = (files: FilesWithPlaces): PlaceSource => ({
  // A tab can be active before its document is open.
  onDidChange: (listener) =>
    vscode.Disposable.from(files.onDidChange(listener), vscode.workspace.onDidOpenTextDocument(listener)),
  placesOf: (input) => {
    const uri = shownUri(input);
    return uri && vscode.workspace.isTrusted
      ? environmentsIn(files, uri).flatMap((target) => placeOf(files, target))
      : [];
  },
});

function environmentsIn(files: FilesWithPlaces, uri: vscode.Uri): readonly FileEnvironment[] {
  if (isChangeFile(uri)) {
    const read = readChangeFile(openDocument(uri)?.getText() ?? '');
    return 'file' in read ? read.file.environments.map(({ target }) => target) : [];
  }
  const side = uri.scheme === driftScheme ? driftSideOf(uri) : undefined;
  const all = files.get(side ? vscode.Uri.parse(side.file) : uri)?.read.file?.environments ?? [];
  return side ? all.filter(({ name }) => name === side.environment) : all;
}

function placeOf(files: FilesWithPlaces, target: FileEnvironment): readonly Place[] {
  const connection = files.connectionOf(target);
  const { id, name } = target;
  return connection ? [{ connectionId: connection.id, environment: { id, projectId: id }, name }] : [];
}
