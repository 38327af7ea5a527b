import * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { scopeOf, type DriftScope } from '../../documents/settingsFile/driftScope';
import { isSettingsFile, type SettingsFileState } from '../../documents/settingsFile/settingsFileState';
import type { SettingsFiles } from '../../documents/settingsFile/settingsFiles';
import { settingsFileName } from '../../operations/settingsFile/fileNames';
import type { FileEnvironment, SettingsFile } from '../../operations/settingsFile/settingsFile';
import type { ReadSettingsFile } from '../../operations/settingsFile/settingsFile';
import type { CommandServices } from '../command';
import { picked } from '../targets';

/** A settings file, and the part of it that a command applies to. */
export interface FileTarget {
  readonly files: SettingsFiles;
  readonly state: SettingsFileState;
  readonly scope: DriftScope;
  readonly environments: readonly FileEnvironment[];
}

/**
 * The settings file that a command applies to: its argument's, the active editor's, the workspace's only one, or the
 * user's choice.
 *
 * @throws Canceled if there is none, or it can't be used, after saying why
 */
export async function fileTarget(services: CommandServices, target: unknown): Promise<FileTarget> {
  await requireTrust(services);
  const given = scopeOf(target);
  const uri = given ? vscode.Uri.parse(given.uri, true) : await chooseFile(services, noFile);
  const files = await services.settingsFiles();
  const state = await files.open(uri);
  const file = await withoutErrors(services, state.read);
  const scope = given ?? { uri: uri.toString() };
  const environments = file.environments.filter(({ name }) => scope.environments?.includes(name) ?? true);
  return { files, state, scope, environments };
}

/**
 * The contents of a file that can be used as a whole.
 *
 * @throws Canceled if it has errors, after saying so
 */
export async function withoutErrors(
  { prompts }: Pick<CommandServices, 'prompts'>,
  { file, problems }: ReadSettingsFile,
): Promise<SettingsFile> {
  if (!file) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    await prompts.notify(
      'error',
      `Fix the settings file first. ${errors[0]?.message ?? ''}${errors.length > 1 ? ` (and ${errors.length - 1} more in the Problems view)` : ''}`,
    );
    throw new Canceled();
  }
  return file;
}

const noFile = `There is no ${settingsFileName} in this workspace. Use Add Environment to Settings File to create it.`;

/**
 * In Restricted Mode, files of the workspace are only text.
 *
 * @param why a sentence
 * @throws Canceled
 */
export async function requireTrust(
  { prompts }: Pick<CommandServices, 'prompts'>,
  why = "In Restricted Mode, settings files aren't compared with PostHog. Trust the workspace to use them.",
): Promise<void> {
  if (vscode.workspace.isTrusted) {
    return;
  }
  const manage = 'Manage Workspace Trust';
  const answer = await prompts.notify('warning', why, manage);
  if (answer === manage) {
    await vscode.commands.executeCommand('workbench.trust.manage');
  }
  throw new Canceled();
}

/**
 * The settings file that a command applies to: the one in the active editor, the workspace's only one, or the user's
 * choice.
 *
 * @param none what to say if there is no file
 * @param instead files to create if there is none
 * @throws Canceled
 */
export async function chooseFile(
  { prompts, purpose }: CommandServices,
  none: string,
  instead: readonly vscode.Uri[] = [],
): Promise<vscode.Uri> {
  const document = vscode.window.activeTextEditor?.document;
  if (document && isSettingsFile(document)) {
    return document.uri;
  }
  const found = await vscode.workspace.findFiles(`**/${settingsFileName}`, '**/node_modules/**', 50);
  const candidates = found.length > 0 ? found : instead;
  const [only] = candidates;
  if (!only) {
    await prompts.notify('information', none);
    throw new Canceled();
  }
  return candidates.length === 1
    ? only
    : picked(
        await prompts.pick(
          candidates.map((value) => ({ label: vscode.workspace.asRelativePath(value), value })),
          { title: purpose, placeHolder: 'Choose a settings file' },
        ),
      );
}

/** The file reduced to some of its settings. */
export function limitedTo(read: ReadSettingsFile, keys: readonly string[] | undefined): ReadSettingsFile {
  const { file } = read;
  if (!file || !keys) {
    return read;
  }
  const chosen = (settings: SettingsFile['settings']): SettingsFile['settings'] =>
    Object.fromEntries(Object.entries(settings).filter(([key]) => keys.includes(key)));
  return {
    ...read,
    file: {
      settings: chosen(file.settings),
      environments: file.environments.map((one) => ({ ...one, settings: chosen(one.settings) })),
    },
  };
}

/** The environments of a file, with the settings that it contains. */
export const sameIn = (
  { file }: ReadSettingsFile,
  environments: readonly FileEnvironment[],
): readonly FileEnvironment[] =>
  (file?.environments ?? []).filter(({ name }) => environments.some((one) => one.name === name));
