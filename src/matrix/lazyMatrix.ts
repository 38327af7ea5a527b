import * as vscode from 'vscode';
import type { MatrixPanels } from './panels';
import type { MatrixServices } from './services';
import { matrixViewType } from './viewType';

/** Panels that compare environments. The implementation loads with the first one that is opened or restored. */
export class LazyMatrix implements vscode.Disposable {
  private readonly serializer: vscode.Disposable;
  private loaded: Promise<MatrixPanels> | undefined;

  constructor(private readonly services: MatrixServices) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(matrixViewType, {
      deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) =>
        (await this.panels()).restore(panel, state),
    });
  }

  panels(): Promise<MatrixPanels> {
    this.loaded ??= import('./panels').then(({ MatrixPanels }) => new MatrixPanels(this.services));
    return this.loaded;
  }

  dispose(): void {
    this.serializer.dispose();
    void this.loaded?.then((panels) => panels.dispose());
  }
}
