import * as v from 'valibot';
import * as vscode from 'vscode';
import { samePlaces, type ComparedPlace } from '../reports/reportTargets';
import { matrixStateSchema } from './messages';
import type { MatrixOptions } from './model';
import { MatrixPanel } from './panel';
import type { MatrixServices } from './services';
import { matrixViewType } from './viewType';

const initial: MatrixOptions = { showsAll: false, sort: 'group' };

/** All open panels that compare environments. */
export class MatrixPanels implements vscode.Disposable {
  private readonly open = new Set<MatrixPanel>();

  private readonly shown = new vscode.EventEmitter<unknown>();

  constructor(private readonly services: MatrixServices) {
    void services.place.add({ placesOf: (input) => this.placesOf(input), onDidChange: this.shown.event });
  }

  list(): readonly MatrixPanel[] {
    return [...this.open];
  }

  /** The active panel. */
  get active(): MatrixPanel | undefined {
    return this.list().find(({ panel }) => panel.active);
  }

  /** Shows environments in their own panel. If one already shows them, reveals it and rereads them. */
  async show(places: readonly ComparedPlace[]): Promise<MatrixPanel> {
    const known = this.list().find((panel) => samePlaces(panel.places, places));
    if (known) {
      known.panel.reveal();
      await known.refresh();
      return known;
    }
    const panel = vscode.window.createWebviewPanel(
      matrixViewType,
      'Compare environments',
      vscode.ViewColumn.Active,
    );
    const made = this.adopt(panel, places, initial);
    await made.refresh();
    return made;
  }

  /** Restores a panel after a window reload. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(matrixStateSchema, state);
    if (!parsed.success) {
      // It's unknown what it showed, and an empty panel would look like a result.
      panel.dispose();
      return;
    }
    const { places, ...options } = parsed.output;
    await this.adopt(panel, places, options).refresh();
  }

  dispose(): void {
    for (const panel of this.open) {
      panel.dispose();
    }
    this.shown.dispose();
  }

  /** The places that the panel in the active tab compares. */
  private placesOf(input: unknown): readonly ComparedPlace[] {
    const isPanel = input instanceof vscode.TabInputWebview && input.viewType.endsWith(matrixViewType);
    return isPanel ? (this.active?.places ?? []) : [];
  }

  private adopt(
    panel: vscode.WebviewPanel,
    places: readonly ComparedPlace[],
    options: MatrixOptions,
  ): MatrixPanel {
    const made = new MatrixPanel(panel, this.services, places, options);
    const icon = (name: string): vscode.Uri =>
      vscode.Uri.file(`${this.services.extensionPath}/media/${name}.svg`);
    panel.iconPath = { light: icon('container-light'), dark: icon('container-dark') };
    this.open.add(made);
    panel.onDidChangeViewState(() => this.shown.fire(made));
    panel.onDidDispose(() => this.open.delete(made));
    this.shown.fire(made);
    return made;
  }
}
