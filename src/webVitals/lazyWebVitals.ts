import * as vscode from 'vscode';
import type { WebVitalsPanels } from './panels';
import type { WebVitalsServices } from './services';
import { webVitalsViewType } from './viewType';

/** Web vitals panels. The implementation loads with the first panel that is opened or restored. */
export class LazyWebVitals implements vscode.Disposable {
  private readonly serializer: vscode.Disposable;
  private loaded: Promise<WebVitalsPanels> | undefined;

  constructor(private readonly services: WebVitalsServices) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(webVitalsViewType, {
      deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) =>
        (await this.panels()).restore(panel, state),
    });
  }

  panels(): Promise<WebVitalsPanels> {
    this.loaded ??= import('./panels').then(({ WebVitalsPanels }) => new WebVitalsPanels(this.services));
    return this.loaded;
  }

  dispose(): void {
    this.serializer.dispose();
    void this.loaded?.then((panels) => panels.dispose());
  }
}
