import * as vscode from 'vscode';
import { authorOf, type DocumentConflicts } from '../documents/conflicts/conflicts';
import { fixEdit } from '../json/fixEdit';
import { pathText } from '../json/merge/path';
import { parseDocument } from '../json/parse';
import { mergedInEditor, mergedWithConflicts } from '../operations/phrases/saving';
import { list } from '../operations/phrases/sentences';
import { handMerge, type HandMerge } from '../operations/save/conflicts';
import type { Unmerged } from '../operations/save/mergeDocument';
import { showWithAction } from '../ui/actionButtons';
import { offerToSave } from './offerToSave';
import { conflictsOf } from '../documents/conflicts/conflictPlaces';
import { isRemote } from '../documents/documentState';
import { openedDocument } from '../documents/showDocument';
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
          `Replace ${documentText(state.uri, services)} with the result of the merge?`,
          { detail: 'You changed the document while you were merging. Undo restores your text.' },
          'Replace',
        ),
      );
    }
    const left = leftBy(conflicts.unmerged, mine, result);
    await replaceText(state.uri, withSteps(result, left?.steps ?? []));
    if (left) {
      documents.rebase(state, left.base, theirs, versions.theirs);
    }
    if (left?.unmerged && left.unmerged.conflicts.length > 0) {
      documents.conflicts.keep(state, left.unmerged);
      documents.conflicts.setAuthors(state, conflicts.authors);
      const names = left.unmerged.conflicts.map(({ path }) => pathText(path));
      const text = mergedWithConflicts(documentText(state.uri, services), names);
      await showWithAction('warning', text, { kind: 'resolve' }, { uri: state.uri }, services);
      return;
    }
    await offerToSave(services, state.uri, mergedInEditor(documentText(state.uri, services)));
  },
};

/** What the result of a merge leaves open; `undefined` if it isn't valid JSON, and so can't be based on theirs yet. */
function leftBy(unmerged: Unmerged, text: string, result: string): HandMerge | undefined {
  const [mine, chosen] = [parseDocument(text), parseDocument(result)];
  return mine.ok && chosen.ok ? handMerge(unmerged, mine.value, chosen.value) : undefined;
}

function withSteps(text: string, steps: HandMerge['steps']): string {
  const { offset, length, text: inserted } = fixEdit(text, steps) ?? { offset: 0, length: 0, text: '' };
  return text.slice(0, offset) + inserted + text.slice(offset + length);
}

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
