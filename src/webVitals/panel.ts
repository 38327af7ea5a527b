import * as vscode from 'vscode';
import { failureText, isCanceled } from '../connections/failures';
import { aroundText } from '../directory/organizationName';
import type { RemoteChange } from '../directory/remoteChanges';
import { samePlace, type VitalsPlace } from '../reports/reportTargets';
import { captureOf, readVitals } from '../reports/vitalsReading';
import { lastingActionFor } from '../operations/actions';
import { isPostHogError } from '../posthog/errors';
import { fromPageSchemas, type ToPage } from './messages';
import { panelView, type PanelAction, type PanelView, type SideState } from './model';
import { pageRoots, webviewPage } from '../ui/webviewPage';
import { pageMessage } from '../ui/pageMessage';
import type { WebVitalsServices } from './services';
import { renderPanel } from './render';

/** A panel with the web vitals of one place, or of two. */
export class WebVitalsPanel implements vscode.Disposable {
  private sides: SideState[] = [];
  private controller = new AbortController();
  private isClosed = false;
  private readonly subscriptions: vscode.Disposable[];
  private readonly shown = new vscode.EventEmitter<PanelView>();
  /** Fires whenever the panel shows something else. */
  readonly onDidShow = this.shown.event;
  /** Whether the page has said that it's ready. */
  private listening = false;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly services: WebVitalsServices,
    private readonly act: (panel: WebVitalsPanel, action: PanelAction, side: 0 | 1) => Promise<void>,
  ) {
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: Object.values(pageRoots(services.extensionPath)),
    };
    this.subscriptions = [
      this.shown,
      webview.onDidReceiveMessage((message) => this.receive(message)),
      services.changes.onDidChange((change) => this.adopt(change)),
    ];
    panel.onDidDispose(() => this.dispose());
    webview.html = webviewPage(webview, services.extensionPath, {
      title: 'Web vitals',
      name: 'webVitals',
    });
  }

  get places(): readonly VitalsPlace[] {
    return this.sides.map(({ place }) => place);
  }

  get view(): PanelView {
    return panelView(this.sides, vscode.env.language);
  }

  /** Shows other places. What is known about those that stay is kept; the others are loaded. */
  async show(places: readonly VitalsPlace[]): Promise<void> {
    const known = this.sides;
    this.controller.abort();
    this.sides = places.slice(0, 2).map((place) => {
      const side = known.find((state) => samePlace(state.place, place) && state.status === 'ready');
      return side ?? this.unread(place);
    });
    await this.load(this.sides.filter(({ status }) => status !== 'ready'));
  }

  /** Reloads everything. */
  async refresh(): Promise<void> {
    this.controller.abort();
    await this.load(this.sides);
  }

  /** Stops waiting. Reading changes nothing, so there is nothing to undo. */
  cancel(): void {
    this.controller.abort();
    for (const side of this.sides) {
      if (side.status === 'loading') {
        side.status = 'canceled';
      }
    }
    this.update();
  }

  dispose(): void {
    this.isClosed = true;
    this.controller.abort();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private unread(place: VitalsPlace): SideState {
    const { connections, directory } = this.services;
    return {
      place,
      around: aroundText({ connections, directory }, place),
      status: 'loading',
    };
  }

  private async load(sides: readonly SideState[]): Promise<void> {
    // The user may have closed it while answering a question, such as for another key.
    if (this.isClosed) {
      return;
    }
    this.controller = new AbortController();
    const { signal } = this.controller;
    for (const side of sides) {
      side.status = 'loading';
      delete side.failure;
    }
    this.update();
    await Promise.all(
      sides.map(async (side) => {
        await this.read(side, signal);
        if (!signal.aborted && this.sides.includes(side)) {
          this.update();
        }
      }),
    );
  }

  private async read(side: SideState, signal: AbortSignal): Promise<void> {
    try {
      const reading = await readVitals(this.services.connections, side.place, signal);
      if (!signal.aborted) {
        side.reading = reading;
        side.status = 'ready';
      }
    } catch (error) {
      if (signal.aborted || isCanceled(error)) {
        return;
      }
      side.status = 'failed';
      const action = lastingActionFor(error, side.place.connectionId);
      side.failure = isPostHogError(error)
        ? { what: error.what, text: [error.why, error.remedy].filter(Boolean).join(' '), action }
        : { what: "The web vitals couldn't be read.", text: failureText(error, this.services.log), action };
    }
  }

  private update(): void {
    const view = this.view;
    this.panel.title = view.title;
    this.shown.fire(view);
    if (this.listening) {
      const message: ToPage = {
        type: 'show',
        html: renderPanel(view).toString(),
        announcement: view.announcement,
        state: { places: [...this.places] },
      };
      void this.panel.webview.postMessage(message);
    }
  }

  private receive(message: unknown): void {
    const output = pageMessage(fromPageSchemas, message);
    if (!output) {
      this.services.log.warn('Ignored an invalid message from the web vitals page.');
      return;
    }
    if (output.type === 'ready') {
      // The page is recreated whenever its tab returns to the front.
      this.listening = true;
      this.update();
    } else {
      void this.act(this, output.action, output.side);
    }
  }

  /** Another document or command just read or changed whether the environment captures web vitals. */
  private adopt(change: RemoteChange): void {
    if (change.kind !== 'environment') {
      return;
    }
    const { connectionId, environment, detail } = change;
    const sides = this.sides.filter(
      ({ place }) => place.connectionId === connectionId && place.environment.id === environment.id,
    );
    for (const side of sides) {
      if (side.reading) {
        side.reading = { ...side.reading, capture: captureOf(detail), environmentName: detail.name };
      }
    }
    if (sides.length > 0) {
      this.update();
    }
  }
}
