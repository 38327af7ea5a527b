import * as vscode from 'vscode';
import type { Documents } from '../documents/documents';
import { isRemote, type RemoteState } from '../documents/documentState';
import { editTo } from '../documents/textEdits';
import { openDocument, openedDocument } from '../documents/showDocument';
import { mergeDocument } from '../operations/save/mergeDocument';
import { textAfterSave } from '../operations/save/textAfterSave';
import { documentText } from '../documents/uris/documentText';
import { asText } from '../json/visibleText';
import { parseDocumentUri, takesEdits, viewUri } from '../documents/uris/uri';
import { PostHogError } from '../posthog/errors';
import { formatDocument } from '../settings/document';
import { jsonEquals, type JsonObject } from '../json/json';
import { pathText } from '../json/merge/path';
import { parseDocument } from '../json/parse';
import { withLateCancel } from '../ui/lateProgress';
import type { Command, CommandServices } from './command';
import { documentUriOf, picked } from './targets';
import { nothingChanged } from '../operations/phrases/writes';

/** Maximum number of keys to name in a prompt. */
const maxNamedKeys = 12;

export const compare: Command = {
  async run(services, target) {
    const state = await editedState(services, editUri(target));
    if (!state) {
      return;
    }
    const { uri } = state;
    const theirs = viewUri(uri, 'theirs');
    const documents = await services.documents();
    await withLateCancel(`Getting ${documentText(uri, services)}`, (signal) =>
      documents.refresh(theirs, signal),
    );
    await vscode.commands.executeCommand(
      'vscode.diff',
      theirs,
      uri,
      asText(`${documentText(uri, services)}: PostHog ↔ Mine`),
    );
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
    const documents = await services.documents();
    const state = uri && documents.peek(uri);
    if (!state || !isRemote(state)) {
      await notADocument(services);
      return;
    }
    if (!documents.hasEdits(state)) {
      await refreshDocument(documents, state);
      return;
    }
    await replaceWithTheirs(services, state.uri);
  },
};

export const keepMine: Command = {
  async run(services, target) {
    const state = await editedState(services, editUri(target));
    if (!state) {
      return;
    }
    const documents = await services.documents();
    const theirs = await fetchTheirs(documents, state);
    // Text typed during the request is mine, too.
    const mine = parseDocument(openText(state.uri));
    if (!mine.ok) {
      await services.prompts.notify('error', "Fix the JSON first: your version can't be parsed.");
      return;
    }
    const { merged, conflicts } = mergeDocument(state.target.kind, {
      base: state.base,
      mine: mine.value,
      theirs,
    });
    await replaceText(state.uri, textAfterSave(openText(state.uri), mine.value, merged));
    documents.rebase(state, theirs, formatDocument(theirs));
    await services.prompts.notify(
      'information',
      `Your changes to ${documentText(state.uri, services)} were reapplied on top of PostHog's current version.${
        conflicts.length === 0
          ? ''
          : ` Your value replaces someone else's in ${conflicts.map(({ path }) => pathText(path)).join(', ')}.`
      } Save to send them.`,
    );
  },
};

/** Replaces the text with PostHog's current version. Unsaved changes are named before they are discarded. */
async function replaceWithTheirs(services: CommandServices, uri: vscode.Uri | undefined): Promise<void> {
  const state = await editedState(services, uri);
  if (!state) {
    return;
  }
  const documents = await services.documents();
  if (!documents.hasEdits(state)) {
    await refreshDocument(documents, state);
    return;
  }
  const theirs = await fetchTheirs(documents, state);
  // The prompt is modal, so nothing can be typed before the text is replaced.
  const answer = await services.prompts.confirm(
    `Discard your changes to ${documentText(state.uri, services)}?`,
    {
      detail: `${whatIsLost(state)} The document will show PostHog's current version. Undo restores your text.`,
    },
    'Discard Changes',
  );
  picked(answer);
  await replaceText(state.uri, formatDocument(theirs));
  documents.rebase(state, theirs, formatDocument(theirs));
  // Saving text that equals the base sends nothing and makes the editor clean.
  await (await openedDocument(state.uri)).save();
}

/** Names the keys with unsaved changes. */
function whatIsLost({ uri, base }: RemoteState): string {
  const mine = parseDocument(openText(uri));
  if (!mine.ok) {
    return 'Everything you typed since the last save is discarded.';
  }
  const keys = [...new Set([...Object.keys(base), ...Object.keys(mine.value)])].filter(
    (key) => !jsonEquals(base[key], mine.value[key]),
  );
  if (keys.length === 0) {
    return 'Only the formatting of your text differs from the saved version.';
  }
  const named = keys.slice(0, maxNamedKeys);
  const more = keys.length - named.length;
  return `You changed ${new Intl.ListFormat('en').format([...named, ...(more > 0 ? [`${more} more`] : [])])}.`;
}

async function editedState(
  services: CommandServices,
  uri: vscode.Uri | undefined,
): Promise<RemoteState | undefined> {
  const state = uri && (await (await services.documents()).load(uri));
  if (!state || !isRemote(state)) {
    await notADocument(services);
    return undefined;
  }
  return state;
}

async function refreshDocument(documents: Documents, { uri }: RemoteState): Promise<void> {
  await withLateCancel(`Getting ${documents.textOf(uri)}`, (signal) => documents.refresh(uri, signal));
}

function fetchTheirs(documents: Documents, state: RemoteState): Promise<JsonObject> {
  return withLateCancel(`Getting ${documents.textOf(state.uri)}`, (signal) =>
    documents.fetchTheirs(state.target, signal),
  );
}

/** The editable document of a URI: the document itself, or the one on the other side of a diff. */
function editUri(target: unknown): vscode.Uri | undefined {
  const uri = documentUriOf(target);
  const parsed = uri && parseDocumentUri(uri);
  if (!uri || !parsed) {
    return undefined;
  }
  return takesEdits(parsed.view) ? uri : viewUri(uri, 'edit');
}

const openText = (uri: vscode.Uri): string => openDocument(uri)?.getText() ?? '';

/** Replaces only the lines that differ, so that the cursor stays put elsewhere. */
export async function replaceText(uri: vscode.Uri, text: string): Promise<void> {
  const edit = editTo(await openedDocument(uri), text);
  // With the new base but the old text, someone else's changes would look like changes to undo.
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new PostHogError({
      kind: 'unexpected-answer',
      what: "VS Code couldn't update the text in the editor.",
      why: 'The document may have just changed, or is read-only.',
      remedy: `${nothingChanged} Try again.`,
    });
  }
}

async function notADocument({ prompts }: CommandServices): Promise<void> {
  await prompts.notify(
    'information',
    'This command needs a settings or warehouse table document. Open one first.',
  );
}
