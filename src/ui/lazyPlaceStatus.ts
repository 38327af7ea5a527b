import type * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Directory } from '../directory/directory';
import type { PlaceSource, PlaceStatus } from './placeStatus';

/**
 * The status bar item with the connection, organization and environment of the active tab, loaded with the first
 * document, report or panel.
 */
export class LazyPlaceStatus implements vscode.Disposable {
  private loaded: Promise<PlaceStatus> | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly marks: EnvironmentMarks,
    private readonly directory: Directory,
  ) {}

  /** Adds support for another kind of tab. */
  async add(source: PlaceSource): Promise<void> {
    this.loaded ??= import('./placeStatus').then(
      ({ PlaceStatus }) => new PlaceStatus(this.connections, this.marks, this.directory),
    );
    (await this.loaded).add(source);
  }

  dispose(): void {
    void this.loaded?.then((status) => status.dispose());
  }
}
