import * as vscode from 'vscode';
import { isRemote, type RemoteState } from '../documents/documentState';
import { documentUri, parseDocumentUri } from '../documents/uri';
import { PostHogError } from '../posthog/errors';
import { formatDocument } from '../settings/document';
import type { JsonObject } from '../settings/json';
import { threeWay } from '../settings/merge';
import { parseDocument } from '../settings/parse';
import { withStatus } from '../ui/progress';
import type { Command, CommandServices } from './command';
import { documentUriOf, picked } from './targets';

export const compare: Command = {
  async run(services, target) {
    const state = await editedState(services, editUri(target));
    if (!state) {
      return;
    }
    const { uri, target: document } = state;
    const theirs = documentUri(document, 'theirs');
    await withStatus(`Asking PostHog for ${document.name}`, (signal) =>
      services.documents.refresh(theirs, signal),
    );
    await vscode.commands.executeCommand('vscode.diff', theirs, uri, `${document.name}: PostHog now ↔ mine`);
  },
};

export const useTheirs: Command = {
  async run(services, target) {
    await replaceWithTheirs(services, editUri(target));
  },
};

export const reloadDocument: Command = {
  async run(services, target) {
    const uri = documentUriOf(target);
    const state = uri && services.documents.peek(uri);
    if (!state || !isRemote(state)) {
      await notADocument(services);
      return;
    }
    if (!services.documents.hasEdits(state)) {
      await services.documents.refresh(state.uri);
      return;
    }
    const answer = await services.prompts.confirm(
      `Discard your changes to ${state.target.name}?`,
      { detail: 'The document is replaced with what PostHog has now. Undo brings your text back.' },
      'Discard Changes',
    );
    picked(answer);
    await replaceWithTheirs(services, state.uri);
  },
};

export const keepMine: Command = {
  async run(services, target) {
    const state = await editedState(services, editUri(target));
    if (!state) {
      return;
    }
    const theirs = await fetchTheirs(services, state);
    // What was typed while PostHog was asked is mine too.
    const mine = parseDocument(openText(state.uri));
    if (!mine.ok) {
      await services.prompts.tell('error', 'Correct the JSON first: your version cannot be read as it is.');
      return;
    }
    const { merged, conflicts } = threeWay(state.base, mine.value, theirs);
    await replaceText(state.uri, formatDocument(merged));
    services.documents.rebase(state, theirs);
    await services.prompts.tell(
      'information',
      `Your changes to ${state.target.name} now stand on what PostHog has.${
        conflicts.length === 0 ? '' : ` Your value replaces somebody else's in ${conflicts.join(', ')}.`
      } Save to send them.`,
    );
  },
};

async function replaceWithTheirs(services: CommandServices, uri: vscode.Uri | undefined): Promise<void> {
  const state = await editedState(services, uri);
  if (!state) {
    return;
  }
  const theirs = await fetchTheirs(services, state);
  await replaceText(state.uri, formatDocument(theirs));
  services.documents.rebase(state, theirs);
  // Saving text that equals the base sends nothing and makes the editor clean.
  await (await vscode.workspace.openTextDocument(state.uri)).save();
}

async function editedState(
  services: CommandServices,
  uri: vscode.Uri | undefined,
): Promise<RemoteState | undefined> {
  const state = uri && (await services.documents.load(uri));
  if (!state || !isRemote(state)) {
    await notADocument(services);
    return undefined;
  }
  return state;
}

function fetchTheirs({ documents }: CommandServices, state: RemoteState): Promise<JsonObject> {
  return Promise.resolve(
    withStatus(`Asking PostHog for ${state.target.name}`, (signal) =>
      documents.fetchTheirs(state.target, signal),
    ),
  );
}

/** The writable document that a URI stands for: itself, or the one beside the server's side of a diff. */
function editUri(target: unknown): vscode.Uri | undefined {
  const uri = documentUriOf(target);
  const parsed = uri && parseDocumentUri(uri);
  if (!uri || !parsed) {
    return undefined;
  }
  return parsed.view === 'edit' ? uri : documentUri(parsed.target);
}

function openText(uri: vscode.Uri): string {
  const key = uri.toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === key)?.getText() ?? '';
}

async function replaceText(uri: vscode.Uri, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, whole, text);
  // A new base under the old text would make somebody else's changes look like ones to undo.
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new PostHogError({
      kind: 'unexpected-answer',
      what: 'VS Code did not take the new text into the editor.',
      why: 'The document may have changed in this moment, or be read-only.',
      remedy: 'Nothing was changed. Try again.',
    });
  }
}

async function notADocument({ prompts }: CommandServices): Promise<void> {
  await prompts.tell(
    'information',
    'Open the settings of an environment or a warehouse table first; this command works on their documents.',
  );
}
