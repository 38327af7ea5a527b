import * as vscode from 'vscode';
import { showDocument } from '../documents/showDocument';
import {
  documentUri,
  targetKey,
  parseDocumentUri,
  type DocumentTarget,
  type DocumentView,
} from '../documents/uri';
import { settingsFields, settingsGroups, type SettingsGroup } from '../settings/catalogue';
import { parseDocument } from '../json/parse';
import { lateProgress } from '../ui/lateProgress';
import { withStatus } from '../ui/progress';
import type { Command, CommandServices } from './command';
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
              { title: `${services.purpose}: ${environment.name}`, placeHolder: 'Choose a group' },
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
 * Opens a document with what the server says now. One that is open already is shown again, and one with unsaved
 * changes is not touched.
 */
export async function openDocument(
  services: CommandServices,
  target: DocumentTarget,
  view: DocumentView = 'edit',
): Promise<vscode.TextEditor> {
  const uri = openUri(target, view) ?? documentUri(target, view);
  const title = `Opening ${target.name}`;
  await withStatus(title, () =>
    lateProgress(title, async (signal) => (await services.documents()).refresh(uri, signal)),
  );
  return showDocument(uri, { preview: true });
}

/** The URI under which the same thing is open, perhaps under an older name. */
function openUri(target: DocumentTarget, view: DocumentView): vscode.Uri | undefined {
  return vscode.workspace.textDocuments.find(({ uri, isClosed }) => {
    const open = parseDocumentUri(uri);
    return !isClosed && open?.view === view && targetKey(open.target) === targetKey(target);
  })?.uri;
}

/** Puts the cursor on the first field of a group that the document has. */
async function revealGroup(
  { prompts }: CommandServices,
  editor: vscode.TextEditor,
  group: SettingsGroup,
): Promise<void> {
  const parsed = parseDocument(editor.document.getText());
  if (!parsed.ok) {
    return; // Unsaved text that is no JSON: the person sees it, and where to look is unknown.
  }
  const field = settingsFields.find(
    ({ key, group: id }) => id === group.id && Object.hasOwn(parsed.value, key),
  );
  if (!field) {
    await prompts.tell('information', `This server has no settings of the group ${group.title}.`);
    return;
  }
  const { offset, length } = parsed.locateKey([field.key]);
  const { document } = editor;
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.AtTop);
}
