import * as vscode from 'vscode';
import { driftUri } from '../../documents/settingsFile/driftDocuments';
import { driftingKeys, scopeOf } from '../../documents/settingsFile/driftScope';
import { settingsField } from '../../settings/catalogue';
import type { Command } from '../command';
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
    const plans = files.get(uri)?.plans ?? [];
    const sides = plans.flatMap((plan) => {
      const { name } = plan.target;
      return plan.kind !== 'planned' || scope.environments?.includes(name) === false
        ? []
        : driftingKeys(plan)
            .filter((key) => scope.keys?.includes(key) ?? true)
            .map((key) => ({
              title: `${settingsField(key)?.title ?? key} in ${name}`,
              before: driftUri(uri, name, key, 'posthog'),
              after: driftUri(uri, name, key, 'file'),
            }));
    });
    const [only] = sides;
    if (only && sides.length === 1) {
      await vscode.commands.executeCommand(
        'vscode.diff',
        only.before,
        only.after,
        `${only.title}: PostHog ↔ File`,
      );
    } else if (only) {
      await vscode.commands.executeCommand(
        'vscode.changes',
        'PostHog ↔ File',
        sides.map(({ before, after }) => [after, before, after]),
      );
    }
  },
};

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
