import * as vscode from 'vscode';
import { connectionLabel } from '../connections/connectionLabel';
import { isCanceled } from '../connections/failures';
import type { RemoteChange } from '../directory/remoteChanges';
import { actionFor } from '../operations/actions';
import type { Comparison, Row, State } from '../operations/compare/compare';
import { labeled, readStates, type LabeledEnvironment } from '../operations/compare/readStates';
import { asCsv, asMarkdown } from '../operations/compare/texts';
import { CopyRequest } from '../operations/copy/copyRequest';
import { ignoredPaths } from '../reports/comparisons';
import type { ComparedPlace } from '../reports/reportTargets';
import { settingsDocument } from '../settings/document';
import { runCommand } from '../ui/commandIds';
import { showInStatusBar } from '../ui/statusMessages';
import { pageRoots, webviewPage } from '../ui/webviewPage';
import { pageMessage } from '../ui/pageMessage';
import { fromPageSchemas, type MatrixAction, type MatrixState, type ToPage } from './messages';
import {
  comparisonOf,
  matrixView,
  shownRows,
  type Column,
  type MatrixOptions,
  type MatrixView,
} from './model';
import { renderMatrix } from './render';
import { SettingAt } from './settingAt';
import type { MatrixServices } from './services';

/** A panel that shows the settings of several environments side by side. */
export class MatrixPanel implements vscode.Disposable {
  private readonly environments: readonly LabeledEnvironment[];
  private states: (State | undefined)[];
  private controller = new AbortController();
  private isClosed = false;
  private readonly subscriptions: vscode.Disposable[];
  /** Whether the page has said that it's ready. */
  private listening = false;
  private isLoading = false;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly services: MatrixServices,
    readonly places: readonly ComparedPlace[],
    private options: MatrixOptions,
  ) {
    this.environments = labeled(places, (id) => this.connectionOf(id));
    this.states = places.map(() => undefined);
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: Object.values(pageRoots(services.extensionPath)),
    };
    this.subscriptions = [
      webview.onDidReceiveMessage((message) => this.receive(message)),
      services.changes.onDidChange((change) => this.adopt(change)),
      services.marks.onDidMark(() => this.updateSoon()),
    ];
    panel.onDidDispose(() => this.dispose());
    panel.title = this.view.title;
    webview.html = webviewPage(webview, services.extensionPath, {
      title: 'Compare environments',
      name: 'matrix',
    });
  }

  /** The environments that have been read, with their settings. */
  get read(): readonly { readonly place: ComparedPlace; readonly state: State }[] {
    return this.places.flatMap((place, index) => {
      const state = this.states[index];
      return state?.settings ? [{ place, state }] : [];
    });
  }

  get comparison(): Comparison {
    return comparisonOf(this.columns, this.states, ignoredPaths());
  }

  get view(): MatrixView {
    return matrixView(this.columns, this.comparison, this.options);
  }

  /** Rereads every environment, at most six at a time, and shows each as it arrives. */
  async refresh(): Promise<void> {
    // The user may have closed it while answering a question, such as for another key.
    if (this.isClosed) {
      return;
    }
    this.controller.abort();
    this.controller = new AbortController();
    const { signal } = this.controller;
    this.states = this.places.map(() => undefined);
    this.isLoading = true;
    this.update();
    await readStates({ connections: this.services.connections }, this.environments, {
      signal,
      onRead: (index, state) => {
        if (!signal.aborted) {
          this.states[index] = state;
          this.updateSoon();
        }
      },
    });
    if (!signal.aborted) {
      this.isLoading = false;
      this.update();
    }
  }

  dispose(): void {
    this.isClosed = true;
    this.controller.abort();
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private cancel(): void {
    this.controller.abort();
    this.isLoading = false;
    this.update();
  }

  private get columns(): readonly Column[] {
    return this.environments.map(({ label, connectionId, environment }, index): Column => {
      const state = this.states[index];
      const place = this.places[index];
      const wasCanceled = state ? isCanceled(state.cause) : !this.isLoading;
      return {
        ...{ label, environmentId: environment.id },
        around: [place?.organization, this.connectionOf(connectionId)].filter(Boolean).join(' · '),
        isProtected: place !== undefined && this.isProtected(place),
        status: state?.settings ? 'ready' : wasCanceled ? 'canceled' : state ? 'failed' : 'loading',
        why: state?.why,
        needsKey: actionFor(state?.cause, connectionId)?.kind === 'replaceKey',
      };
    });
  }

  private connectionOf(id: string): string {
    return connectionLabel(this.services.connections, id);
  }

  private timer: NodeJS.Timeout | undefined;

  /** Responses arrive in quick succession, and each redraws the whole table. */
  private updateSoon(): void {
    this.timer ??= setTimeout(() => this.update(), 100);
  }

  private update(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.listening) {
      return;
    }
    const { view } = this;
    const message: ToPage = {
      type: 'show',
      html: renderMatrix(view).toString(),
      announcement: view.summary,
      state: this.state,
    };
    void this.panel.webview.postMessage(message);
  }

  private get state(): MatrixState {
    return { places: [...this.places], ...this.options };
  }

  private receive(message: unknown): void {
    const output = pageMessage(fromPageSchemas, message);
    if (!output) {
      this.services.log.warn('Ignored an invalid message from the page that compares environments.');
      return;
    }
    if (output.type === 'ready') {
      // The page is recreated whenever its tab returns to the front.
      this.listening = true;
      this.update();
    } else if (output.type === 'cell') {
      const place = this.places[output.column];
      if (place) {
        const paths = [[output.key]];
        void (output.action === 'open'
          ? runCommand('findSetting', new SettingAt(place, output.key))
          : runCommand('copySettings', new CopyRequest(place, paths)));
      }
    } else {
      void this.act(output.action, output.keys, output.column);
    }
  }

  /** Performs the action of a button on the page. */
  async act(action: MatrixAction, keys: readonly string[] = [], column?: number): Promise<void> {
    switch (action) {
      case 'refresh':
        await this.refresh();
        break;
      case 'cancel':
        this.cancel();
        break;
      case 'showAll':
      case 'showDiffering':
        this.options = { ...this.options, showsAll: action === 'showAll' };
        this.update();
        break;
      case 'sortByGroup':
      case 'sortByCount':
        this.options = { ...this.options, sort: action === 'sortByGroup' ? 'group' : 'count' };
        this.update();
        break;
      case 'copyMarkdown':
      case 'copyCsv': {
        const { comparison } = this;
        const rows = shownRows(comparison, this.options).filter(({ key }) => keys.includes(key));
        void this.copyRows(comparison, rows, action === 'copyCsv' ? 'CSV' : 'Markdown');
        break;
      }
      case 'openDiffs':
        void runCommand('openComparisonDiffs', this);
        break;
      case 'replaceKey': {
        const place = column === undefined ? undefined : this.places[column];
        if (place) {
          await runCommand('replaceKey', { connectionId: place.connectionId });
          // Another key may be able to read what this one couldn't.
          await this.refresh();
        }
      }
    }
  }

  private async copyRows(
    comparison: Comparison,
    rows: readonly Row[],
    format: 'CSV' | 'Markdown',
  ): Promise<void> {
    const text = format === 'CSV' ? asCsv(comparison, rows) : asMarkdown(comparison, rows);
    await vscode.env.clipboard.writeText(text);
    showInStatusBar(
      'clippy',
      `Copied ${rows.length === 1 ? '1 setting' : `${rows.length} settings`} as ${format}`,
    );
  }

  private isProtected({ connectionId, environment, name }: ComparedPlace): boolean {
    const connection = this.services.connections.get(connectionId);
    return connection !== undefined && this.services.marks.isProtected(connection, environment.id, name);
  }

  /** Something in this window just read or changed the settings of an environment. */
  private adopt(change: RemoteChange): void {
    if (change.kind !== 'environment') {
      return;
    }
    for (const [index, { connectionId, environment, label }] of this.environments.entries()) {
      if (connectionId === change.connectionId && environment.id === change.environment.id) {
        this.states[index] = { label, settings: settingsDocument(change.detail.raw) };
        this.updateSoon();
      }
    }
  }
}
