import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { Connections } from '../../connections/connections';
import type { EnvironmentMarks } from '../../connections/environmentMarks';
import { failureText, isCanceled } from '../../connections/failures';
import type { RemoteChange, RemoteChanges } from '../../directory/remoteChanges';
import {
  planEnvironment,
  planFile,
  type EnvironmentPlan,
} from '../../operations/settingsFile/planEnvironment';
import { isToHost } from '../../operations/settingsFile/fileHost';
import { settingsFileName } from '../../operations/settingsFile/fileNames';
import {
  readSettingsFile,
  type FileEnvironment,
  type ReadSettingsFile,
} from '../../operations/settingsFile/settingsFile';
import { noConnectionTo } from '../../operations/settingsFile/noConnection';
import { unlessMissing } from '../../platform/connectionFolders';
import { openDocument } from '../showDocument';
import type { PlaceSource } from '../../ui/placeStatus';
import { ChangeFiles } from './changeFiles';
import { filePlaces } from './filePlaces';
import type { LazyTeamMarks } from './lazyTeamMarks';
import { DriftDocuments } from './driftDocuments';
import { DriftView } from './driftView';
import { SettingsFileLenses } from './settingsFileLenses';
import { SettingsFileProblems } from './settingsFileProblems';
import { SettingsFileWalk } from './settingsFileWalk';
import { isAtOrIn } from './movedFiles';
import { isSettingsFile, type SettingsFileState, type SettingsFileStates } from './settingsFileState';

/** What settings files need. */
export interface SettingsFileServices {
  connections: Connections;
  marks: EnvironmentMarks;
  teamMarks: LazyTeamMarks;
  changes: RemoteChanges;
  place: { add(source: PlaceSource): Promise<void> };
  log: vscode.LogOutputChannel;
}

/**
 * The settings files of the workspace. A file is checked when it's opened or saved, on demand, and after a write from
 * this window; never by polling. In an untrusted workspace, it's only text, and no server is asked.
 */
export class SettingsFiles implements SettingsFileStates, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<SettingsFileState>();
  readonly onDidChange = this.changed.event;
  private readonly states = new Map<string, SettingsFileState>();
  private readonly parts: vscode.Disposable;
  /** Both sides of drifting settings. */
  readonly drift: DriftDocuments;

  constructor(
    readonly services: SettingsFileServices,
    driftChanged: (uris: readonly vscode.Uri[]) => void,
  ) {
    this.drift = new DriftDocuments(this, driftChanged);
    const { changes, connections } = services;
    void services.place.add(filePlaces(this));
    this.parts = vscode.Disposable.from(
      this.changed,
      new SettingsFileProblems(this),
      new SettingsFileLenses(this),
      new SettingsFileWalk(),
      this.drift,
      new DriftView(this),
      new ChangeFiles(),
      vscode.workspace.onDidOpenTextDocument((document) => this.follow(document)),
      // A document outlives its tab by minutes.
      vscode.window.tabGroups.onDidChangeTabs(({ opened }) => opened.forEach((tab) => this.shown(tab))),
      vscode.workspace.onDidSaveTextDocument((document) => this.follow(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.reread(document)),
      this.watch(),
      // The watcher doesn't report what was in a deleted or renamed folder.
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.forgetIn(uri))),
      vscode.workspace.onDidRenameFiles(({ files }) => files.forEach(({ oldUri }) => this.forgetIn(oldUri))),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.checkAll()),
      connections.onDidChange(() => this.checkUnreadable()),
      changes.onDidChange((change) => this.adopt(change)),
    );
    vscode.workspace.textDocuments.forEach((document) => this.follow(document));
  }

  all(): readonly SettingsFileState[] {
    return [...this.states.values()];
  }

  get(uri: vscode.Uri): SettingsFileState | undefined {
    return this.states.get(uri.toString());
  }

  /** The connection for an environment of a file: one to exactly its host. */
  connectionOf({ host, id }: Pick<FileEnvironment, 'host' | 'id'>): Connection | undefined {
    const { connections, marks } = this.services;
    const candidates = connections.list().filter((one) => isToHost(one, host));
    return (
      candidates.find((one) => marks.nameOf(one.id, id) !== undefined) ??
      candidates.find(({ access }) => access?.scopedTeams.includes(id)) ??
      candidates.find(({ access }) => !access || access.scopedTeams.length === 0) ??
      candidates[0]
    );
  }

  /** Reads environments of a file from PostHog, and plans each. @throws Canceled */
  async plan(
    { file, document }: ReadSettingsFile,
    targets: readonly FileEnvironment[],
    signal: AbortSignal,
  ): Promise<readonly EnvironmentPlan[]> {
    if (!file || !vscode.workspace.isTrusted) {
      return [];
    }
    const plans = await planFile(
      file,
      targets,
      async (target) => {
        const connection = this.connectionOf(target);
        if (!connection) {
          throw noConnectionTo(target.host);
        }
        return this.services.connections.client(connection.id);
      },
      { signal, locate: document?.locate },
    );
    for (const plan of plans) {
      const connection = this.connectionOf(plan.target);
      if (plan.kind === 'planned' && connection) {
        this.services.marks.see(connection.id, plan.target.id, plan.serverName);
      }
    }
    return plans;
  }

  /** Checks a file, and aborts a check in progress. */
  async check(uri: vscode.Uri): Promise<void> {
    const state = this.get(uri);
    state?.checking?.abort();
    if (!state?.read.file || !vscode.workspace.isTrusted) {
      return;
    }
    const checking = new AbortController();
    state.checking = checking;
    this.changed.fire(state);
    try {
      const plans = await this.plan(state.read, state.read.file.environments, checking.signal);
      if (!checking.signal.aborted) {
        Object.assign(state, { plans, checkedAt: new Date() });
      }
    } catch (error) {
      if (!isCanceled(error)) {
        this.services.log.warn(failureText(error, this.services.log));
      }
    } finally {
      if (state.checking === checking) {
        state.checking = undefined;
        this.changed.fire(state);
      }
    }
  }

  /** Reads a file that may not be open. */
  async open(uri: vscode.Uri): Promise<SettingsFileState> {
    const document = await vscode.workspace.openTextDocument(uri);
    return this.reread(document) ?? this.opened(document);
  }

  async checked(uri: vscode.Uri): Promise<SettingsFileState> {
    let state = this.get(uri);
    if (!state) {
      // A deleted file's document may stay open for minutes.
      await vscode.workspace.fs.stat(uri);
      state = await this.open(uri);
    }
    if (state.checkedAt === undefined && !state.checking) {
      await this.check(uri);
    }
    while (state.checking) {
      await new Promise<void>((resolve) => {
        const subscription = this.onDidChange(() => {
          subscription.dispose();
          resolve();
        });
      });
    }
    return state;
  }

  dispose(): void {
    this.states.forEach(({ checking }) => checking?.abort());
    this.parts.dispose();
  }

  /** Other documents, which can be large, aren't even read. */
  private follow(document: vscode.TextDocument): void {
    if (isSettingsFile(document)) {
      this.opened(document);
    }
  }

  private opened(document: vscode.TextDocument): SettingsFileState {
    const known = this.get(document.uri);
    const read = readSettingsFile(document.getText());
    const state = known ?? {
      uri: document.uri,
      read,
      plans: [],
      checkedAt: undefined,
      checking: undefined,
    };
    if (isSettingsFile(document)) {
      state.read = read;
      this.states.set(document.uri.toString(), state);
      this.changed.fire(state);
      // It may be outside the workspace.
      void this.services.teamMarks.read(document.uri);
      void this.check(document.uri);
    }
    return state;
  }

  private shown({ input }: vscode.Tab): void {
    const uri = input instanceof vscode.TabInputText ? input.uri : undefined;
    const document = uri && this.get(uri)?.checking === undefined ? openDocument(uri) : undefined;
    if (document) {
      this.follow(document);
    }
  }

  private reread(document: vscode.TextDocument): SettingsFileState | undefined {
    const state = this.get(document.uri);
    if (state) {
      state.read = readSettingsFile(document.getText());
      this.changed.fire(state);
    }
    return state;
  }

  /** Stops showing anything about a file. */
  forget(uri: vscode.Uri): void {
    const state = this.get(uri);
    if (state) {
      state.checking?.abort();
      state.checking = undefined;
      this.states.delete(uri.toString());
      this.changed.fire({ ...state, read: { problems: [] }, plans: [], isGone: true });
    }
  }

  private forgetIn(place: vscode.Uri): void {
    this.all()
      .filter(({ uri }) => isAtOrIn(uri, place))
      .forEach(({ uri }) => this.forget(uri));
  }

  /** Other programs delete files and bring them back, too, such as Git when it switches branches. */
  private watch(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${settingsFileName}`, false, true);
    return vscode.Disposable.from(
      watcher,
      watcher.onDidCreate((uri) => {
        const document = this.get(uri) ? undefined : openDocument(uri);
        if (document) {
          this.follow(document);
        }
      }),
      // A program that replaces a file may delete it for a moment.
      watcher.onDidDelete(async (uri) => {
        if (!(await unlessMissing(() => vscode.workspace.fs.stat(uri)))) {
          this.forget(uri);
        }
      }),
    );
  }

  private checkAll(): void {
    this.states.forEach(({ uri }) => void this.check(uri));
  }

  /** A new connection or key may reach what couldn't be read. */
  private checkUnreadable(): void {
    for (const { uri, plans } of this.states.values()) {
      const isAnother = plans.some(
        (plan) => plan.kind === 'unreadable' && !plan.error.connectionId && this.connectionOf(plan.target),
      );
      if (isAnother) {
        void this.check(uri);
      }
    }
  }

  /** After a write, plans again from the server's response, without a request. */
  private adopt(change: RemoteChange): void {
    if (change.kind !== 'environment') {
      return;
    }
    const connection = this.services.connections.get(change.connectionId);
    for (const state of this.states.values()) {
      const { file, document } = state.read;
      // The change may have been sent through another connection to the same host, with another key.
      const index = state.plans.findIndex(
        ({ target }) =>
          target.id === change.environment.id && connection && isToHost(connection, target.host),
      );
      const plan = state.plans[index];
      const target = file?.environments.find(({ name }) => name === plan?.target.name);
      if (file && target && plan?.kind === 'planned') {
        const { generation } = plan.set;
        const now = { environment: plan.environment, generation, detail: change.detail };
        const next = planEnvironment(file, target, now, document?.locate);
        state.plans = state.plans.with(index, next);
        this.changed.fire(state);
      }
    }
  }
}
