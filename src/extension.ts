import * as vscode from 'vscode';
import { registerCommands, type CommandServices, type CommandTitles } from './commands/command';
import type { DeletionWatch } from './operations/environment/deletionWatch';
import { commands } from './commands/index';
import { Connections } from './connections/connections';
import { ConnectionStore } from './connections/connectionStore';
import { EnvironmentMarks } from './connections/environmentMarks';
import type { Prompts } from './ui/prompts';
import { Directory } from './directory/directory';
import { RemoteChanges } from './directory/remoteChanges';
import { SandboxRunner } from './platform/sandboxRunner';
import { SharedMemento } from './platform/sharedMemento';
import { Transports } from './platform/transports';
import { windowPrompts } from './ui/windowPrompts';
import { AutoSaves } from './documents/saving/autoSaves';
import { LazyDocuments } from './documents/lazyDocuments';
import { LazySettingsFiles } from './documents/settingsFile/lazySettingsFiles';
import { LazyTeamMarks } from './documents/settingsFile/lazyTeamMarks';
import { ReportFileSystem } from './reports/reportFileSystem';
import { registerSchemas } from './documents/checks/schemas';
import { mergeScheme, scheme } from './documents/uris/scheme';
import { LazyPlaceStatus } from './ui/lazyPlaceStatus';
import { LazyReceipts } from './ui/lazyReceipts';
import { keepContextKeys } from './tree/contextKeys';
import { FileDrop } from './tree/dropFiles';
import { TreeExpansion } from './tree/expansion';
import { LazyHistory } from './tree/history/lazyHistory';
import type { Rehearse } from './operations/review/rehearsal';
import type { History } from './operations/history/history';
import type { TreeNode } from './tree/node';
import { EnvironmentsProvider } from './tree/provider';
import { LazyPanels } from './ui/lazyPanels';
import { matrixViewType } from './matrix/viewType';
import { webVitalsViewType } from './webVitals/viewType';
import { runCommand } from './ui/commandIds';

/** What host tests use. Only exported when VS Code runs the extension for its tests. */
export interface TestApi {
  services: CommandServices;
  /** Answers prompts from now on, instead of the window. */
  setPrompts(prompts: Prompts): void;
}

/** Composition root: builds, registers, disposes. Nothing else. */
export async function activate(context: vscode.ExtensionContext): Promise<TestApi | undefined> {
  const { extensionPath, secrets, subscriptions, workspaceState } = context;
  const globalState = new SharedMemento(context.globalState);
  const log = vscode.window.createOutputChannel('PostHog Environments', { log: true });
  const settings = (): vscode.WorkspaceConfiguration =>
    vscode.workspace.getConfiguration('posthogEnvironments');
  const timeLimitMs = (): number => settings().get('network.timeoutSeconds', 30) * 1000;
  const store = new ConnectionStore(globalState, secrets, log, vscode.window.onDidChangeWindowState);
  const marks = new EnvironmentMarks(globalState, store, vscode.window.onDidChangeWindowState);
  const sandbox = new SandboxRunner(extensionPath);
  const transports = new Transports();
  const connections = new Connections({
    store,
    sandbox,
    transport: () => transports.transport(),
    log,
    userAgent: `posthog-environments-vscode/${manifestOf(context).version}`,
    timeoutMs: timeLimitMs,
    marks,
  });
  const teamMarks = new LazyTeamMarks({
    connections,
    log,
    changed: (connectionId, environmentId) => marks.teamChanged(connectionId, environmentId),
  });
  marks.setTeam(teamMarks);
  if (process.env.POSTHOG_ENVIRONMENTS_SANDBOX_URL) {
    await (await import('./platform/localSandbox')).adoptLocalSandbox(connections, process.env);
  }
  const changes = new RemoteChanges();
  const autoSaves = new AutoSaves();
  let prompts = windowPrompts;
  const rehearse: Rehearse = (changes) => sandbox.rehearse(changes);
  const history = (): Promise<History> => histories.history();
  const pageSize = (): number => settings().get('tree.pageSize', 100);
  const directory = new Directory({
    connections,
    marks,
    changes,
    log,
    memento: globalState,
    pageSize,
    onReturn: vscode.window.onDidChangeWindowState,
  });
  const receipts = new LazyReceipts({ connections, marks, directory, log });
  const place = new LazyPlaceStatus(connections, marks, directory);
  const documents = new LazyDocuments({
    connections,
    directory,
    changes,
    marks,
    receipts,
    history,
    unanswered: async () => (await histories.view()).unanswered,
    place,
    log,
    autoSaves,
    bases: vscode.Uri.joinPath(context.globalStorageUri, 'bases'),
    // An empty window has no storage of its own; all of them together count as one workspace.
    workspace: context.storageUri?.toString() ?? '',
    prompts: () => prompts,
    rehearse,
  });
  const histories = new LazyHistory({
    connections,
    directory,
    marks,
    log,
    folder: vscode.Uri.joinPath(context.globalStorageUri, 'history'),
    timeLimitMs,
    prompts: () => prompts,
  });
  const expansion = new TreeExpansion(workspaceState);
  const provider = new EnvironmentsProvider({ connections, marks, directory }, log, expansion);
  const tree = vscode.window.createTreeView<TreeNode>('posthogEnvironments.environments', {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: true,
    dragAndDropController: new FileDrop(
      (tables, files) => runCommand('uploadFile', tables, files),
      (message) => prompts.notify('warning', message),
    ),
  });
  const settingsFiles = new LazySettingsFiles({ connections, marks, teamMarks, changes, place, log });
  const reports = new ReportFileSystem({ connections, directory, log, history, place });
  const webVitals = new LazyPanels(webVitalsViewType, async () => {
    const { WebVitalsPanels } = await import('./webVitals/panels');
    const memento = globalState;
    return new WebVitalsPanels({ connections, directory, changes, log, place, extensionPath, memento });
  });
  const matrix = new LazyPanels(matrixViewType, async () => {
    const { MatrixPanels } = await import('./matrix/panels');
    return new MatrixPanels({ connections, changes, marks, place, log, extensionPath });
  });
  let deletions: Promise<DeletionWatch> | undefined;
  const services: CommandServices = {
    connections,
    documents: () => documents.documents(),
    directory,
    provider,
    tree,
    changes,
    marks,
    receipts,
    log,
    rehearse,
    purpose: 'PostHog Environments',
    history,
    historyView: () => histories.view(),
    deletions: () => (deletions ??= loadDeletions(services)),
    reports: () => reports.reports(),
    settingsFiles: () => settingsFiles.files(),
    extensionUri: context.extensionUri,
    webVitals: () => webVitals.panels(),
    matrix: () => matrix.panels(),
    get prompts() {
      return prompts;
    },
  };
  subscriptions.push(
    log,
    store,
    sandbox,
    transports,
    connections,
    changes,
    marks,
    teamMarks,
    place,
    documents,
    histories,
    autoSaves,
    directory,
    provider,
    tree,
    reports,
    settingsFiles,
    webVitals,
    matrix,
    { dispose: () => void deletions?.then((watch) => watch.dispose()) },
    tree.onDidExpandElement(({ element }) => expansion.set(element.id, true)),
    tree.onDidCollapseElement(({ element }) => expansion.set(element.id, false)),
    keepContextKeys(connections),
    registerSchemas(),
    ...[scheme, mergeScheme].map((one) =>
      vscode.workspace.registerFileSystemProvider(one, documents, { isCaseSensitive: true }),
    ),
    changes.onDidChange((change) => {
      if (change.kind === 'environment') {
        marks.see(change.connectionId, change.environment.id, change.detail.name);
      }
    }),
    vscode.window.registerUriHandler({
      handleUri: async (uri) => (await import('./commands/propose/index')).openChangeLink(services, uri),
    }),
    registerCommands(commands, services, manifestOf(context).titles),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('posthogEnvironments.network') || event.affectsConfiguration('http')) {
        connections.forgetClients();
      }
    }),
  );
  return context.extensionMode === vscode.ExtensionMode.Test
    ? {
        services,
        setPrompts: (other) => {
          prompts = other;
        },
      }
    : undefined;
}

async function loadDeletions(services: CommandServices): Promise<DeletionWatch> {
  const { watchDeletions } = await import('./commands/environment/deletions');
  return watchDeletions(services);
}

/** Data from package.json: the version, and the title of each command. */
function manifestOf({ extension }: vscode.ExtensionContext): { version: string; titles: CommandTitles } {
  const { version, contributes } = extension.packageJSON as {
    version: string;
    contributes: { commands: readonly { command: string; title: string }[] };
  };
  return {
    version,
    titles: new Map(contributes.commands.map(({ command, title }) => [command, title.replace(/…$/, '')])),
  };
}
