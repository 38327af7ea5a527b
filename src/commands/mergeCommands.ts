import * as vscode from 'vscode';
import { authorOf, type DocumentConflicts } from '../documents/conflicts/conflicts';
import { list, mergedInEditor } from '../operations/phrases';
import { conflictsOf } from '../documents/conflicts/conflictPlaces';
import { isRemote } from '../documents/documentState';
import { openedDocument, showDocument } from '../documents/showDocument';
import { documentText } from '../documents/uris/documentText';
import { formatDocument } from '../settings/document';
import type { Command } from './command';
import { replaceText } from './documentCommands';
import { documentUriOf, picked } from './targets';

/** Merges in VS Code's own merge editor. The document only changes once the merge is complete. */
export const openMergeEditor: Command = {
  async run(services, target) {
    const uri = documentUriOf(target);
    const documents = await services.documents();
    const state = uri && documents.peek(uri);
    const document = state && (await openedDocument(state.uri));
    const conflicts = document && conflictsOf(documents, document);
    if (!state || !isRemote(state) || !conflicts || conflicts.open.length === 0) {
      await services.prompts.notify('information', 'There are no conflicts to resolve in this document.');
      return;
    }
    const { versions } = conflicts.unmerged;
    const mine = document.getText();
    const [base, theirs] = [formatDocument(versions.base), formatDocument(versions.theirs)];
    const result = await documents.merges.merge(state.uri, {
      base,
      mine,
      theirs,
      theirsNote: theirsNoteOf(conflicts),
    });
    if (result === undefined) {
      return;
    }
    if ((await openedDocument(state.uri)).getText() !== mine) {
      picked(
        await services.prompts.confirm(
          `Replace ${documentText(state.uri)} with the result of the merge?`,
          { detail: 'You changed the document while you were merging. Undo restores your text.' },
          'Replace',
        ),
      );
    }
    await replaceText(state.uri, result);
    documents.rebase(state, versions.theirs, theirs);
    const answer = await services.prompts.notify(
      'information',
      mergedInEditor(documentText(state.uri)),
      'Save',
    );
    if (answer === 'Save') {
      await showDocument(state.uri, { preview: false });
      await (await openedDocument(state.uri)).save();
    }
  },
};

/** Where theirs is, and who changed it, if known. */
function theirsNoteOf(conflicts: DocumentConflicts): string {
  const who = new Set(conflicts.open.flatMap((conflict) => authorOf(conflicts, conflict)?.who ?? []));
  return who.size === 0 ? 'in PostHog' : `in PostHog, changed by ${list([...who])}`;
}

export const completeMerge: Command = {
  async run() {
    await vscode.commands.executeCommand('mergeEditor.acceptMerge');
  },
};
