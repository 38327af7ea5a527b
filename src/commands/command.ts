import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import { isCanceled } from '../connections/failures';
import { showFailure } from '../ui/failureNotification';
import type { Prompts } from '../ui/prompts';
import type { Directory } from '../directory/directory';
import type { RemoteChanges } from '../directory/remoteChanges';
import type { DeletionWatch } from '../operations/environment/deletionWatch';
import type { Documents } from '../documents/documents';
import type { SettingsFiles } from '../documents/settingsFile/settingsFiles';
import type { Rehearse } from '../operations/review/rehearsal';
import type { Reports } from '../reports/reports';
import type { History } from '../operations/history/history';
import type { HistoryView } from '../tree/history/historyView';
import type { TreeNode } from '../tree/node';
import type { EnvironmentsProvider } from '../tree/provider';
import type { MatrixPanels } from '../matrix/panels';
import type { WebVitalsPanels } from '../webVitals/panels';
import type { Receipts } from '../ui/receipts';
import { commandName, type CommandId } from '../ui/commandIds';

/** What commands need. */
export interface CommandServices {
  connections: Connections;
  directory: Directory;
  provider: EnvironmentsProvider;
  tree: vscode.TreeView<TreeNode>;
  changes: RemoteChanges;
  marks: EnvironmentMarks;
  receipts: Pick<Receipts, 'add'>;
  prompts: Prompts;
  log: vscode.LogOutputChannel;
  /** Tries changes on the built-in server. */
  rehearse: Rehearse;
  /** Editable documents; loaded on first use. */
  documents(): Promise<Documents>;
  /** The title of the running command, used as the title of its prompts. */
  readonly purpose: string;
  /** Read-only documents; loaded on first use. */
  reports(): Promise<Reports>;
  /** What was written to PostHog; loaded on first use. */
  history(): Promise<History>;
  /** The History view; loaded on first use. */
  historyView(): Promise<HistoryView>;
  /** Deletions in progress; loaded on first use. */
  deletions(): Promise<DeletionWatch>;
  /** Settings files of the workspace; loaded on first use. */
  settingsFiles(): Promise<SettingsFiles>;
  /** Where the extension is installed. */
  extensionUri: vscode.Uri;
  /** Web vitals panels; loaded on first use. */
  webVitals(): Promise<WebVitalsPanels>;
  /** Panels that compare several environments; loaded on first use. */
  matrix(): Promise<MatrixPanels>;
}

/** A command that a user can run. */
export interface Command {
  /**
   * @param target the row, URI or connection it was run on; `undefined` from the command palette
   * @param selection all selected rows, if it was run on one of several
   */
  run(services: CommandServices, target: unknown, selection: unknown): Promise<void>;
}

/** A command's ID, and how to load its module when it runs. */
export interface LazyCommand {
  readonly id: CommandId;
  load(): Promise<Command>;
}

/** Command titles by ID, without the "…" of those that ask for more. */
export type CommandTitles = ReadonlyMap<string, string>;

/** Registers commands. Failures are shown with their remedy; canceling isn't a failure. */
export function registerCommands(
  commands: readonly LazyCommand[],
  services: CommandServices,
  titles: CommandTitles,
): vscode.Disposable {
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(
        commandName(command.id),
        async (target: unknown, selection: unknown) => {
          const purpose = titles.get(commandName(command.id)) ?? services.purpose;
          try {
            await (await command.load()).run(withPurpose(services, purpose), target, selection);
          } catch (error) {
            if (!isCanceled(error)) {
              services.log.info(`Command ${command.id} failed.`);
              await showFailure(error, services);
            }
          }
        },
      ),
    ),
  );
}

/** The services for one call. Prompts are looked up each time because tests replace them. */
function withPurpose(services: CommandServices, purpose: string): CommandServices {
  return {
    ...services,
    purpose,
    get prompts() {
      return services.prompts;
    },
  };
}

/** The connection a command's argument belongs to. */
export function connectionIdOf(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || !('connectionId' in target)) {
    return undefined;
  }
  return typeof target.connectionId === 'string' ? target.connectionId : undefined;
}
