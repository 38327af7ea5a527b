import * as vscode from 'vscode';

/** Panels of one kind. */
interface Panels {
  dispose(): void;
  /** Restores a panel after a window reload. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
}

/** Panels whose implementation loads with the first one that is opened or restored. */
export class LazyPanels<P extends Panels> implements vscode.Disposable {
  private readonly serializer: vscode.Disposable;
  private loaded: Promise<P> | undefined;

  constructor(
    viewType: string,
    private readonly load: () => Promise<P>,
  ) {
    this.serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel: vscode.WebviewPanel, state: unknown) =>
        (await this.panels()).restore(panel, state),
    });
  }

  panels(): Promise<P> {
    return (this.loaded ??= this.load());
  }

  dispose(): void {
    this.serializer.dispose();
    void this.loaded?.then((panels) => panels.dispose());
  }
}
