import * as v from 'valibot';
import * as vscode from 'vscode';
import { samePlace, type VitalsPlace } from '../reports/reportTargets';
import { panelStateSchema } from './messages';
import type { PanelAction } from './model';
import { WebVitalsPanel } from './panel';
import { RecentPaths } from './recentPaths';
import type { WebVitalsServices } from './services';
import { webVitalsViewType } from './viewType';
import { runCommand, type CommandId } from '../ui/commandIds';

/** Buttons that run a command, and the command's ID. */
const commands: Partial<Record<PanelAction, CommandId>> = {
  changePath: 'changeWebVitalsPath',
  comparePath: 'compareWebVitalsWithPath',
  compareEnvironment: 'compareWebVitalsWithEnvironment',
  openJson: 'showWebVitalsJson',
  openSetting: 'openWebVitalsSetting',
  replaceKey: 'replaceKey',
  showLog: 'showLog',
};

/** A place in a panel, as commands receive it. */
export interface PanelTarget {
  panel: WebVitalsPanel;
  side: 0 | 1;
  connectionId: string;
}

/** All open panels. */
export class WebVitalsPanels implements vscode.Disposable {
  readonly recentPaths: RecentPaths;
  private readonly open = new Set<WebVitalsPanel>();
  private readonly shown = new vscode.EventEmitter<unknown>();

  constructor(private readonly services: WebVitalsServices) {
    this.recentPaths = new RecentPaths(services.memento);
    void services.place.add({ placesOf: (input) => this.placesOf(input), onDidChange: this.shown.event });
  }

  list(): readonly WebVitalsPanel[] {
    return [...this.open];
  }

  /** The active panel. */
  get active(): WebVitalsPanel | undefined {
    return this.list().find(({ panel }) => panel.active) ?? this.list().find(({ panel }) => panel.visible);
  }

  /** Shows places in their own panel. If one already shows them, reveals and refreshes it. */
  async show(places: readonly VitalsPlace[]): Promise<WebVitalsPanel> {
    const known = this.list().find(
      (panel) =>
        panel.places.length === places.length &&
        panel.places.every((place, index) => {
          const wanted = places[index];
          return wanted !== undefined && samePlace(place, wanted);
        }),
    );
    if (known) {
      known.panel.reveal();
      await known.refresh();
      return known;
    }
    const panel = this.adopt(
      vscode.window.createWebviewPanel(webVitalsViewType, 'Web vitals', vscode.ViewColumn.Active),
    );
    await panel.show(places);
    return panel;
  }

  /** Restores a panel after a window reload. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = v.safeParse(panelStateSchema, state);
    if (!parsed.success) {
      // It's unknown what it showed, and an empty panel would look like a result.
      panel.dispose();
      return;
    }
    await this.adopt(panel).show(parsed.output.places);
  }

  dispose(): void {
    for (const panel of this.open) {
      panel.dispose();
    }
    this.shown.dispose();
  }

  /** The place that the panel in the active tab belongs to. */
  private placesOf(input: unknown): readonly VitalsPlace[] {
    const isPanel = input instanceof vscode.TabInputWebview && input.viewType.endsWith(webVitalsViewType);
    return isPanel ? (this.active?.places ?? []) : [];
  }

  private adopt(panel: vscode.WebviewPanel): WebVitalsPanel {
    const made = new WebVitalsPanel(panel, this.services, (of, action, side) => this.act(of, action, side));
    panel.iconPath = {
      light: vscode.Uri.file(`${this.services.extensionPath}/media/container-light.svg`),
      dark: vscode.Uri.file(`${this.services.extensionPath}/media/container-dark.svg`),
    };
    this.open.add(made);
    made.onDidShow(() => this.shown.fire(made));
    panel.onDidDispose(() => this.open.delete(made));
    return made;
  }

  private async act(panel: WebVitalsPanel, action: PanelAction, side: 0 | 1): Promise<void> {
    const { places } = panel;
    if (action === 'refresh') {
      await panel.refresh();
    } else if (action === 'cancel') {
      panel.cancel();
    } else if (action === 'swap') {
      await panel.show(places.toReversed());
    } else if (action === 'removeSide') {
      await panel.show(places.filter((_, index) => index !== side));
    } else {
      const place = places[side];
      const command = commands[action];
      if (place && command) {
        const target: PanelTarget = { panel, side, connectionId: place.connectionId };
        await runCommand(command, target);
        if (action === 'replaceKey') {
          await panel.refresh();
        }
      }
    }
  }
}
