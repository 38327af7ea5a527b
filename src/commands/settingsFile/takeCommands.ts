import * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { editText } from '../../json/editText';
import { isJsonObject } from '../../json/json';
import { namesText } from '../../json/namesText';
import { pathName } from '../../json/pathName';
import { parseDocument } from '../../json/parse';
import { sentences } from '../../operations/phrases/sentences';
import { readNow } from '../../operations/settingsFile/planEnvironment';
import { pullInto, type Pulled, type PulledFile } from '../../operations/settingsFile/pull';
import { sandboxHost, settingsFileName } from '../../operations/settingsFile/fileNames';
import { readSettingsFile, type FileEnvironment } from '../../operations/settingsFile/settingsFile';
import { inParallel } from '../../operations/inParallel';
import { hasText } from '../../documents/textEdits';
import { settingsDocument } from '../../settings/document';
import { showFailure } from '../../ui/failureNotification';
import { withLateCancel } from '../../ui/lateProgress';
import { pickEnvironments } from '../allEnvironments';
import { selectedEntries } from '../batch';
import type { Command, CommandServices } from '../command';
import { replaceText } from '../documentCommands';
import { environmentOfEntry, type EnvironmentTarget } from '../targets';
import { chooseFile, fileTarget, requireTrust, withoutErrors } from './fileTargets';

/** Copies PostHog's values to the file: everything that differs, one environment, or one setting. */
export const takeIntoSettingsFile: Command = {
  async run(services, target) {
    const { files, state, scope, environments } = await fileTarget(services, target);
    const plans = await withLateCancel('Reading from PostHog', (signal) =>
      files.plan(state.read, environments, signal),
    );
    const unread = plans.find((plan) => plan.kind === 'unreadable');
    if (unread) {
      await showFailure(unread.error, services);
      return;
    }
    const document = await vscode.workspace.openTextDocument(state.uri);
    // It may have been edited during the requests.
    const text = document.getText();
    const file = await withoutErrors(services, readSettingsFile(text));
    const pulled = plans.flatMap((plan): Pulled[] => {
      const { host, id, name } = plan.target;
      const there = file.environments.find((one) => one.name === name && one.host === host && one.id === id);
      return plan.kind === 'planned' && there
        ? [{ target: there, settings: settingsDocument(plan.raw) }]
        : [];
    });
    const keys = scope.keys && new Set(scope.keys);
    const result = pullInto(text, file, pulled, { keys });
    await replaceAndSave(document, result.text);
    await showResult(services, result);
  },
};

/** Adds environments to the workspace's settings file, with all settings that can be shared. */
export const addToSettingsFile: Command = {
  async run(services, target, selection) {
    await requireTrust(services);
    const selected = selectedEntries(services, target, selection, 'environment').map(environmentOfEntry);
    const uri = await fileToWrite(services);
    const chosen =
      selected.length > 0
        ? selected
        : await pickEnvironments(services, { title: services.purpose, placeHolder: 'Choose environments' });
    const read = await withLateCancel('Reading from PostHog', (signal) =>
      inParallel(chosen, async (one) => {
        const client = await services.connections.client(one.connectionId);
        const { environment, detail } = await readNow(client, idsOf(one), signal);
        return { one, environment, name: detail.name, settings: settingsDocument(detail.raw) };
      }),
    );
    const document = await openOrCreate(uri);
    let text = document.getText();
    await withoutErrors(services, readSettingsFile(text));
    const names: string[] = [];
    for (const { one, environment, name } of read) {
      const host = hostOf(services, one.connectionId);
      const { file } = readSettingsFile(text);
      const there = file?.environments.find(({ id, host: other }) => id === environment.id && other === host);
      const own = there?.name ?? freeName(name, file?.environments ?? []);
      names.push(own);
      if (!there) {
        const project = environment.projectId === environment.id ? {} : { projectId: environment.projectId };
        text = editText(text, [
          { path: ['environments', own], value: { host, id: environment.id, ...project } },
        ]);
      }
    }
    const { file } = readSettingsFile(text);
    if (!file) {
      throw new Canceled();
    }
    const pulled = read.flatMap(({ settings }, index): Pulled[] => {
      const found = file.environments.find(({ name }) => name === names[index]);
      return found ? [{ target: found, settings }] : [];
    });
    const result = pullInto(text, file, pulled, { all: true });
    await replaceAndSave(document, result.text);
    await vscode.window.showTextDocument(document);
    await showResult(services, { ...result, taken: [] });
  },
};

const idsOf = ({ environment }: EnvironmentTarget): Pick<FileEnvironment, 'id' | 'projectId'> => environment;

function hostOf({ connections }: CommandServices, connectionId: string): string {
  const connection = connections.get(connectionId);
  return connection?.kind === 'sandbox' ? sandboxHost : (connection?.origin ?? '');
}

/** An unused name for an environment: `staging`, `staging-2`. */
function freeName(name: string, environments: readonly FileEnvironment[]): string {
  const plain = name.trim().toLowerCase().replaceAll(/\s+/g, '-') || 'environment';
  for (let number = 1; ; number += 1) {
    const proposal = number === 1 ? plain : `${plain}-${number}`;
    if (!environments.some((one) => one.name === proposal)) {
      return proposal;
    }
  }
}

function fileToWrite(services: CommandServices): Promise<vscode.Uri> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return chooseFile(
    services,
    `Open a folder first: ${settingsFileName} is stored with the code of your project.`,
    folders.map(({ uri }) => vscode.Uri.joinPath(uri, settingsFileName)),
  );
}

async function openOrCreate(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const isThere = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('{\n  "environments": {}\n}\n'));
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const parsed = parseDocument(document.getText());
  if (parsed.ok && !isJsonObject(parsed.value.environments)) {
    await replaceAndSave(document, editText(document.getText(), [{ path: ['environments'], value: {} }]));
  }
  return document;
}

/** Replaces the text, and saves it unless it already had unsaved changes, or has been edited since. */
async function replaceAndSave(document: vscode.TextDocument, text: string): Promise<void> {
  if (document.getText() === text) {
    return;
  }
  const { isDirty } = document;
  await replaceText(document.uri, text);
  if (!isDirty && hasText(document, text)) {
    await document.save();
  }
}

/** Shows what was updated, or what couldn't be. */
async function showResult(
  { prompts }: CommandServices,
  { taken, notPulled }: Pick<PulledFile, 'taken' | 'notPulled'>,
): Promise<void> {
  const left = notPulled.map(({ environment, path, why }) => `${environment}: ${pathName(path)} ${why}`);
  const keys = [...new Set(taken.map(({ path }) => pathName(path)))];
  if (left.length > 0) {
    await prompts.notify('information', sentences(`Left out: ${left.join('; ')}.`));
  } else if (keys.length > 0) {
    await prompts.notify('information', `Updated ${namesText(keys)} in the settings file.`);
  }
}
