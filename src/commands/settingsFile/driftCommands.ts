import * as vscode from 'vscode';
import { driftUri } from '../../documents/settingsFile/driftDocuments';
import { driftingKeys, scopeOf } from '../../documents/settingsFile/driftScope';
import type { SettingsFiles } from '../../documents/settingsFile/settingsFiles';
import { placeNames } from '../../documents/uris/placeNames';
import { asText } from '../../json/visibleText';
import type { PlannedEnvironment } from '../../operations/settingsFile/planEnvironment';
import { settingsField } from '../../settings/catalogue';
import type { Command, CommandServices } from '../command';
import { whereText } from '../placeNames';
import { fileTarget } from './fileTargets';

/** Where the copied command expects the command line program in a repository. */
const programPath = '.github/posthog-environments.cjs';

/** Compares a settings file with PostHog again. */
export const checkDrift: Command = {
  async run(services, target) {
    const { files, state } = await fileTarget(services, target);
    await files.check(state.uri);
  },
};

/** Shows PostHog's values next to the file's. */
export const showDrift: Command = {
  async run(services, target) {
    const scope = scopeOf(target);
    if (!scope) {
      return;
    }
    const files = await services.settingsFiles();
    const uri = vscode.Uri.parse(scope.uri, true);
    const plans = (files.get(uri)?.plans ?? []).filter((plan) => plan.kind === 'planned');
    const drifting = plans.flatMap((plan): Drifting[] => {
      const keys = driftingKeys(plan).filter((key) => scope.keys?.includes(key) ?? true);
      return keys.length > 0 && scope.environments?.includes(plan.target.name) !== false
        ? [{ plan, keys, ...namesOf(services, files, plan) }]
        : [];
    });
    const sides = drifting.flatMap(({ plan, keys, names, where }) =>
      keys.map((key) => {
        const shown = { environment: plan.target.name, key };
        return {
          title: `${settingsField(key)?.title ?? key} in ${where}`,
          before: driftUri(uri, names, { ...shown, side: 'posthog' }),
          after: driftUri(uri, names, { ...shown, side: 'file' }),
        };
      }),
    );
    const [only] = sides;
    const [first, another] = drifting;
    if (only && sides.length === 1) {
      const title = asText(`${only.title}: PostHog ↔ File`);
      await vscode.commands.executeCommand('vscode.diff', only.before, only.after, title);
    } else if (first) {
      const where = another ? `${drifting.length} environments` : first.where;
      await vscode.commands.executeCommand(
        'vscode.changes',
        asText(`${where}: PostHog ↔ File`),
        sides.map(({ before, after }) => [after, before, after]),
      );
    }
  },
};

/** An environment of a settings file, its settings that drift, and where it is. */
interface Drifting {
  readonly plan: PlannedEnvironment;
  readonly keys: readonly string[];
  /** From the connection to the environment. */
  readonly names: readonly string[];
  /** `Staging · Hedgehog Outfitters · Work`. */
  readonly where: string;
}

/** Where an environment of a settings file is, as far as that is known without a request. */
function namesOf(
  services: CommandServices,
  files: SettingsFiles,
  { target, environment, serverName }: PlannedEnvironment,
): Pick<Drifting, 'names' | 'where'> {
  const connection = files.connectionOf(target);
  if (!connection) {
    return { names: [target.name], where: target.name };
  }
  const at = { connectionId: connection.id, environment, name: serverName };
  const { organization } = placeNames(services, at);
  return {
    names: [connection.label, ...(organization === undefined ? [] : [organization]), serverName],
    where: whereText(services, at, serverName),
  };
}

/** Copies the command that checks the file in CI, and optionally adds the program to the repository. */
export const copyCiCommand: Command = {
  async run(services, target) {
    const { state } = await fileTarget(services, target);
    const { prompts, extensionUri } = services;
    const path = vscode.workspace.asRelativePath(state.uri, false);
    await vscode.env.clipboard.writeText(`node ${programPath} plan --file ${quoted(path)}`);
    const folder = vscode.workspace.getWorkspaceFolder(state.uri)?.uri;
    const program = folder && vscode.Uri.joinPath(folder, programPath);
    const isThere =
      program &&
      (await vscode.workspace.fs.stat(program).then(
        () => true,
        () => false,
      ));
    if (!program || isThere) {
      await prompts.notify('information', 'Copied the command. It exits with code 2 if PostHog has drifted.');
      return;
    }
    const add = 'Add Program';
    const answer = await prompts.notify(
      'information',
      `Copied the command. It runs ${programPath}, which must be in the repository.`,
      add,
    );
    if (answer === add) {
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'dist', 'cli.cjs'), program, {
        overwrite: false,
      });
    }
  },
};

/** A path as a single word of a shell. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
