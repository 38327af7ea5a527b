import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import { isCancelled } from '../connections/failures';
import { tellFailure } from '../ui/failureNotification';
import type { Prompts } from '../ui/prompts';
import type { Directory } from '../directory/directory';
import type { RemoteChanges } from '../directory/remoteChanges';
import type { DeletionWatch } from '../operations/deletionWatch';
import type { Documents } from '../documents/documents';
import type { Reports } from '../reports/reports';
import type { TreeNode } from '../tree/node';
import type { EnvironmentsProvider } from '../tree/provider';
import type { WebVitalsPanels } from '../webVitals/panels';
import type { Receipts } from '../ui/receipts';
import { commandName, type CommandId } from '../ui/commandIds';

/** What commands work with. */
export interface CommandServices {
  connections: Connections;
  directory: Directory;
  provider: EnvironmentsProvider;
  tree: vscode.TreeView<TreeNode>;
  changes: RemoteChanges;
  marks: EnvironmentMarks;
  receipts: Receipts;
  prompts: Prompts;
  log: vscode.LogOutputChannel;
  /** Documents that are edited; loaded with the first call. */
  documents(): Promise<Documents>;
  /** What the running command is for, as its title says: the title of its questions. */
  readonly purpose: string;
  /** Read-only documents; loaded with the first call. */
  reports(): Promise<Reports>;
  /** Deletions that are under way; loaded with the first call. */
  deletions(): Promise<DeletionWatch>;
  /** Web vitals panels; loaded with the first call. */
  webVitals(): Promise<WebVitalsPanels>;
}

/** One verb a person can call. */
export interface Command {
  /**
   * @param target the row, URI or connection it was called on; `undefined` from the command palette
   * @param selection all selected rows, when called on one of several
   */
  run(services: CommandServices, target: unknown, selection: unknown): Promise<void>;
}

/** A command by name, whose module is loaded when it is called. */
export interface LazyCommand {
  readonly id: CommandId;
  load(): Promise<Command>;
}

/** What commands are called, without the "…" of those that ask for more. */
export type CommandTitles = ReadonlyMap<string, string>;

/** Registers commands. A failure is shown with its remedy; having been cancelled is no failure. */
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
            if (!isCancelled(error)) {
              services.log.info(`Command ${command.id} failed.`);
              await tellFailure(error, services);
            }
          }
        },
      ),
    ),
  );
}

/** The services of one call. Prompts are looked up each time: tests replace them. */
function withPurpose(services: CommandServices, purpose: string): CommandServices {
  return {
    ...services,
    purpose,
    get prompts() {
      return services.prompts;
    },
  };
}

/** The connection that a command's argument belongs to. */
export function connectionIdOf(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || !('connectionId' in target)) {
    return undefined;
  }
  return typeof target.connectionId === 'string' ? target.connectionId : undefined;
}
