import * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { isChangeFile } from '../../documents/settingsFile/changeFileNames';
import { selectRange } from '../../documents/selectRange';
import { closeDiscarding } from '../../documents/closeDiscarding';
import { openDocument as documentOpenAt } from '../../documents/showDocument';
import { takesEdits } from '../../documents/uris/uri';
import { segment } from '../../json/segment';
import type { Action } from '../../operations/actions';
import { generationOf } from '../../operations/generation';
import { sentences } from '../../operations/phrases/sentences';
import { counted } from '../../operations/review/review';
import {
  changeFileExtension,
  changeFileText,
  type ProposedEnvironment,
} from '../../operations/settingsFile/changeFile';
import { proposeChanges, secretsLeftOut } from '../../operations/settingsFile/propose';
import { sandboxHost } from '../../operations/settingsFile/fileNames';
import type { FileEnvironment } from '../../operations/settingsFile/settingsFile';
import { personName } from '../../operations/history/activityLog';
import { namesOf } from '../../operations/history/item';
import { isPostHogError } from '../../posthog/errors';
import { showWithAction } from '../../ui/actionButtons';
import { withLateCancel } from '../../ui/lateProgress';
import type { Command, CommandServices } from '../command';
import { openDocument } from '../openCommands';
import { whereText } from '../placeNames';
import { documentOf, documentUriOf, picked, type EnvironmentTarget } from '../targets';
import { copyLink } from './changeLink';

/**
 * Writes the unsaved changes of a settings document to a file, for a colleague to review and apply. Where the document
 * takes no edits, they are made in a draft, which is never sent.
 */
export const proposeChange: Command = {
  async run(services, target) {
    const { prompts } = services;
    const { uri, at, document } = await editedSettings(services, target);
    const documents = await services.documents();
    const state = await documents.load(uri);
    const { base, role, view, readOnly } = state;
    if (!takesEdits(view)) {
      await services.prompts.notify('information', openSettingsFirst);
      return;
    }
    if (readOnly !== undefined && !documents.hasEdits(state)) {
      await openDraft(services, at, uri);
      return;
    }
    const name = services.marks.nameOf(at.connectionId, at.environment.id) ?? at.name;
    const client = await services.connections.client(at.connectionId);
    const generation = await withLateCancel(
      `Proposing a change to ${whereText(services, at, name)}`,
      (signal) => generationOf(client, at.environment, signal),
    );
    const { environment } = at;
    const text = document.getText();
    const found = proposeChanges(targetOf(services, { ...at, name }), {
      ...{ environment, generation, text, base, role },
    });
    if (found.kind === 'refused') {
      await refuse(services, found);
      return;
    }
    const { proposed, leftOut } = found;
    const title = `${services.purpose}: ${whereText(services, at, name)}`;
    const why = picked(
      await prompts.ask({
        title,
        prompt: `Why should ${whereText(services, at, name)} be changed? Whoever applies the change sees this.`,
        placeHolder: 'For example: We moved to another time zone',
      }),
    ).trim();
    const by = await proposer(services, at, title);
    const file = await chooseFile(services, proposed, title);
    const createdAt = new Date().toISOString();
    const content = changeFileText({
      ...{ createdAt, environments: [proposed] },
      by: by === '' ? undefined : by,
      why: why === '' ? undefined : why,
    });
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
    // What is in the file isn't needed in the draft any more.
    const isDone = view === 'proposal' && leftOut.length === 0 && document.getText() === text;
    if (isDone) {
      await closeDiscarding(uri);
    }
    const open = 'Open File';
    const link = 'Copy Link';
    const answer = await prompts.notify(
      'information',
      sentences(
        `Proposed ${counted(proposed.changes.length)} to ${name} in ${vscode.workspace.asRelativePath(file)}.`,
        secretsLeftOut(leftOut),
        isDone ? 'PostHog is unchanged.' : 'PostHog is unchanged, and your edits are still unsaved.',
      ),
      open,
      link,
    );
    if (answer === open) {
      await vscode.commands.executeCommand('vscode.open', file);
    } else if (answer === link) {
      await copyLink(services, file);
    }
  },
};

const openSettingsFirst =
  "Open an environment's settings and edit them without saving, then propose the change.";

/** Opens a draft of a proposal, with the cursor where it is in the document that takes no edits. */
async function openDraft(services: CommandServices, at: EnvironmentTarget, uri: vscode.Uri): Promise<void> {
  const before = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  )?.selection;
  const { environment, connectionId, name } = at;
  const editor = await openDocument(
    services,
    { kind: 'settings', environment, connectionId, name },
    'proposal',
  );
  if (before && !editor.document.isDirty) {
    await selectRange(editor, before, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** @throws Canceled if there is no settings document, after saying so */
async function editedSettings(
  { prompts }: CommandServices,
  target: unknown,
): Promise<{ uri: vscode.Uri; at: EnvironmentTarget; document: vscode.TextDocument }> {
  const uri = documentUriOf(target);
  const at = uri && documentOf(uri);
  const document = uri && documentOpenAt(uri);
  if (at?.kind !== 'settings' || !document) {
    await prompts.notify('information', openSettingsFirst);
    throw new Canceled();
  }
  return { uri, at, document };
}

async function refuse(
  services: CommandServices,
  { why, isMistake }: { readonly why: string; readonly isMistake: boolean },
): Promise<void> {
  const action: Action | undefined = isMistake ? { kind: 'showProblems' } : undefined;
  await showWithAction(isMistake ? 'error' : 'information', why, action, {}, services);
}

/** The environment as a file identifies it. This computer's mark is passed on only if it's the stricter one. */
function targetOf(
  { connections, marks }: CommandServices,
  { connectionId, environment, name }: EnvironmentTarget,
): FileEnvironment {
  const connection = connections.get(connectionId);
  if (!connection) {
    throw new Canceled();
  }
  return {
    name,
    host: connection.kind === 'sandbox' ? sandboxHost : connection.origin,
    id: environment.id,
    projectId: environment.projectId,
    isProtected: marks.isProtected(connection, environment.id, name) || undefined,
    isReadOnly: false,
    settings: {},
  };
}

/** The author: the key's owner or, if the key can't tell, what the user enters. @throws Canceled */
async function proposer(
  services: CommandServices,
  { connectionId }: EnvironmentTarget,
  title: string,
): Promise<string> {
  const { connections, prompts } = services;
  try {
    const client = await connections.client(connectionId);
    const me = await withLateCancel('Reading your name from PostHog', (signal) => client.getMe(signal));
    const { email } = me;
    const name = personName(me);
    if (name !== '' || email) {
      return name === '' ? (email ?? '') : `${name}${email ? ` <${email}>` : ''}`;
    }
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    services.log.info(`Couldn't read the name of the key's owner: ${error.kind}.`);
  }
  return picked(
    await prompts.ask({
      title,
      prompt: "Who proposes the change? This key can't read your name from PostHog.",
      placeHolder: 'Your name',
    }),
  ).trim();
}

/** Asks where to write the file, until its name is that of a change file. @throws Canceled */
async function chooseFile(
  { prompts }: CommandServices,
  proposed: ProposedEnvironment,
  title: string,
): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  let defaultUri = folder && vscode.Uri.joinPath(folder, `${nameFor(proposed)}${changeFileExtension}`);
  for (;;) {
    const chosen = picked(
      await prompts.saveFile({
        title,
        saveLabel: 'Propose',
        // Not the whole extension: VS Code would append it to a name that already has it.
        filters: { 'PostHog Changes': ['json'] },
        ...(defaultUri && { defaultUri }),
      }),
    );
    if (isChangeFile(chosen)) {
      return chosen;
    }
    const path = chosen.path.replace(/(\.posthog-change)?(\.json)?$/, changeFileExtension);
    defaultUri = chosen.with({ path });
    await prompts.notify('information', `The name of a proposed change ends with ${changeFileExtension}.`);
  }
}

/** `staging-timezone`, `staging-3-settings`: a suggested file name. */
function nameFor({ target, changes }: ProposedEnvironment): string {
  const keys = namesOf(changes);
  const what = keys.length === 1 ? (keys[0] ?? '') : `${keys.length}-settings`;
  return segment(`${target.name}-${what}`).toLowerCase().replace(/\s+/g, '-');
}
