import * as vscode from 'vscode';
import { Canceled, isCanceled } from '../../connections/failures';
import { isChangeFile } from '../../documents/settingsFile/changeFileNames';
import { changeFileExtension } from '../../operations/settingsFile/changeFile';
import { showFailure } from '../../ui/failureNotification';
import { showInStatusBar } from '../../ui/statusMessages';
import type { Command, CommandServices } from '../command';
import { picked } from '../targets';
import { changeFileOf } from './changeFiles';

const extensionId = 'posthog-environments.posthog-environments';

/** Copies a link that opens a change file for everyone who has the same folder open. */
export const copyChangeLink: Command = {
  async run(services, target) {
    await copyLink(services, await changeFileOf(services, target));
  },
};

/** Copies a link to a file in an open folder. */
export async function copyLink({ prompts }: CommandServices, uri: vscode.Uri): Promise<void> {
  if (!vscode.workspace.getWorkspaceFolder(uri)) {
    await prompts.notify(
      'information',
      'A link can only lead to a file in an open folder. Move the file into one that others have, too.',
    );
    return;
  }
  await vscode.env.clipboard.writeText(linkTo(vscode.workspace.asRelativePath(uri, false)));
  showInStatusBar('clippy', 'Copied a link to the change');
}

/** @param path in its folder */
const linkTo = (path: string): string =>
  `${vscode.env.uriScheme}://${extensionId}/change?file=${path.split('/').map(encodeURIComponent).join('/')}`;

/**
 * Opens the file in a link. Anyone can create a link, and a web page can open it, so it only ever shows a file of an
 * open folder, as text. Nothing is fetched or applied.
 */
export async function openChangeLink(services: CommandServices, link: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('vscode.open', await fileOf(services, link));
  } catch (error) {
    if (!isCanceled(error)) {
      await showFailure(error, services);
    }
  }
}

/** @throws Canceled */
async function fileOf({ prompts }: CommandServices, link: vscode.Uri): Promise<vscode.Uri> {
  const title = 'Open Proposed Change';
  const path = pathOf(link);
  if (path === undefined) {
    await prompts.notify('warning', "This link doesn't lead to a proposed change.");
    throw new Canceled();
  }
  const found = await inFolders(path);
  const [only] = found;
  if (only && found.length === 1) {
    return only;
  }
  if (only) {
    const choices = found.map((value) => ({ label: vscode.workspace.asRelativePath(value, true), value }));
    return picked(await prompts.pick(choices, { title, placeHolder: 'Choose the file' }));
  }
  const choose = 'Choose File…';
  const answer = await prompts.notify(
    'information',
    `No open folder has the proposed change ${path}. Open the folder that has it, or choose the file.`,
    choose,
  );
  return picked(
    answer === choose
      ? await prompts.openFile({ title, filters: { 'PostHog Changes': ['json'] } })
      : undefined,
  );
}

/** The path of a link; `undefined` if it isn't that of a change file inside a folder. */
function pathOf({ path, query }: vscode.Uri): string | undefined {
  const [, file = ''] = /(?:^|&)file=(.*)$/su.exec(query) ?? [];
  const isInside = file
    .split('/')
    .every((name) => name !== '' && name !== '.' && name !== '..' && !/[\\:\0]/.test(name));
  return path === '/change' && isInside && file.endsWith(changeFileExtension) ? file : undefined;
}

async function inFolders(path: string): Promise<readonly vscode.Uri[]> {
  const candidates = (vscode.workspace.workspaceFolders ?? [])
    .map(({ uri }) => vscode.Uri.joinPath(uri, path))
    .filter(isChangeFile);
  const there = await Promise.all(
    candidates.map((uri) =>
      vscode.workspace.fs.stat(uri).then(
        ({ type }) => (type & vscode.FileType.File) !== 0,
        () => false,
      ),
    ),
  );
  return candidates.filter((_, index) => there[index]);
}
