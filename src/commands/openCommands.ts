import * as vscode from 'vscode';
import { selectKey } from '../documents/selectRange';
import { showDocument } from '../documents/showDocument';
import { documentText } from '../documents/uris/documentText';
import { knownUri } from '../documents/uris/placeNames';
import { openUri } from '../documents/tabs';
import type { DocumentTarget, DocumentView } from '../documents/uris/uri';
import { settingsFields, settingsGroups, type SettingsGroup } from '../settings/catalogue';
import { parseDocument } from '../json/parse';
import { withLateCancel } from '../ui/lateProgress';
import type { Command, CommandServices } from './command';
import { whereText } from './placeNames';
import { documentOf, entryOf, environmentTarget, picked, tableOf, tableTarget } from './targets';

export const openSettings: Command = {
  async run(services, target) {
    await openDocument(services, await environmentTarget(services, target));
  },
};

export const openSettingsGroup: Command = {
  async run(services, target) {
    const environment = await environmentTarget(services, target);
    const entry = entryOf(target);
    const group =
      entry?.kind === 'group'
        ? entry.group
        : picked(
            await services.prompts.pick<SettingsGroup>(
              settingsGroups.map((value) => ({
                label: value.title,
                iconPath: new vscode.ThemeIcon(value.icon),
                value,
              })),
              {
                title: `${services.purpose}: ${whereText(services, environment, environment.name)}`,
                placeHolder: 'Choose a group',
              },
            ),
          );
    const editor = await openDocument(services, environment);
    await revealGroup(services, editor, group);
  },
};

export const openTable: Command = {
  async run(services, target) {
    await openDocument(services, await tableTarget(services, target));
  },
};

export const showFullResponse: Command = {
  async run(services, target) {
    const document = tableOf(target) ?? documentOf(target) ?? (await environmentTarget(services, target));
    await openDocument(services, document, 'response');
  },
};

/**
 * Opens a document with the server's current values. An open document is shown again, and one with unsaved changes
 * stays as it is.
 */
export async function openDocument(
  services: CommandServices,
  target: DocumentTarget,
  view: DocumentView = 'edit',
): Promise<vscode.TextEditor> {
  const uri = openUri(target, view) ?? knownUri(services, target, view);
  await withLateCancel(`Opening ${documentText(uri, services)}`, async (signal) =>
    (await services.documents()).refresh(uri, signal),
  );
  return showDocument(uri, { preview: true });
}

/** Moves the cursor to the first field of a group that the document contains. */
async function revealGroup(
  { prompts }: CommandServices,
  editor: vscode.TextEditor,
  group: SettingsGroup,
): Promise<void> {
  const parsed = parseDocument(editor.document.getText());
  if (!parsed.ok) {
    return; // The unsaved text isn't valid JSON, so there is no position to reveal.
  }
  const field = settingsFields.find(
    ({ key, group: id }) => id === group.id && Object.hasOwn(parsed.value, key),
  );
  if (!field) {
    await prompts.notify('information', `This server has no settings in the group "${group.title}".`);
    return;
  }
  await selectKey(editor, field.key, vscode.TextEditorRevealType.AtTop);
}
