import * as vscode from 'vscode';
import { selectRange } from '../documents/selectRange';
import { parseDocument } from '../json/parse';
import type { Conflict } from '../json/merge/merge';
import { pathText } from '../json/merge/path';
import { stepsToTheirs, theirsText } from '../operations/save/conflicts';
import {
  conflictKey,
  conflictsOf,
  placesOf,
  type ConflictPlace,
} from '../documents/conflicts/conflictPlaces';
import type { DocumentConflicts } from '../documents/conflicts/conflicts';
import { openDocument, showDocument } from '../documents/showDocument';
import { editOf } from '../documents/checks/fixEdits';
import type { DocumentState } from '../documents/documentState';
import type { Command, CommandServices } from './command';
import { offerToSave } from './offerToSave';
import { placeTitle } from './placeNames';
import { documentUriOf, picked } from './targets';
import { allResolved } from '../operations/phrases/saving';

/** An open document with unresolved conflicts. */
interface Conflicted {
  readonly document: vscode.TextDocument;
  readonly state: DocumentState;
  readonly conflicts: DocumentConflicts;
  readonly places: readonly ConflictPlace[];
}

export const nextConflict: Command = {
  async run(services, target) {
    const conflicted = await conflictedOf(services, target);
    if (conflicted) {
      // Run on a document, it starts at the top; from the palette, it continues from the cursor.
      await goToNext(conflicted, target === undefined ? cursorIn(conflicted.document) : undefined);
    }
  },
};

/** Selects the value, so that typing replaces it, which resolves the conflict. */
export const editConflict: Command = {
  async run(services, target) {
    const conflicted = await conflictedOf(services, target);
    const place = conflicted && (await placeOf(services, conflicted, target));
    if (place) {
      const editor = await showDocument(conflicted.document.uri, { preview: false });
      await selectRange(editor, place.value, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  },
};

type AnswerWith = (
  services: CommandServices,
  conflicted: Conflicted,
  conflicts: readonly Conflict[],
) => Promise<void>;

const useMine: AnswerWith = async (services, { state }, conflicts) =>
  (await services.documents()).conflicts.useMine(state, conflicts);

/** Replaces the text with theirs, which Undo reverts. */
const useTheirs: AnswerWith = async (services, { document, conflicts: { unmerged } }, conflicts) => {
  const mine = parseDocument(document.getText());
  if (!mine.ok) {
    await services.prompts.notify('error', "Fix the JSON first: the document can't be parsed.");
    return;
  }
  const edit = editOf(document, stepsToTheirs(unmerged, mine.value, conflicts));
  if (edit) {
    await vscode.workspace.applyEdit(edit);
  }
};

type Answer = (services: CommandServices, target: unknown, answer: AnswerWith) => Promise<void>;

const answering = (answer: Answer, by: AnswerWith): Command => ({
  run: (services, target) => answer(services, target, by),
});

export const useConflictMine = answering(answerOne, useMine);
export const useConflictTheirs = answering(answerOne, useTheirs);
export const useAllMine = answering(answerAll, useMine);
export const useAllTheirs = answering(answerAll, useTheirs);

async function answerOne(services: CommandServices, target: unknown, answer: AnswerWith): Promise<void> {
  const conflicted = await conflictedOf(services, target);
  if (!conflicted) {
    return;
  }
  const place = await placeOf(services, conflicted, target);
  if (place) {
    await answer(services, conflicted, [place.conflict]);
    // With a lens, the mouse is already where it's needed.
    await finish(services, target, target === undefined ? place.name.start : undefined);
  }
}

async function answerAll(services: CommandServices, target: unknown, answer: AnswerWith): Promise<void> {
  const conflicted = await conflictedOf(services, target);
  if (conflicted) {
    await answer(services, conflicted, conflicted.conflicts.open);
    await finish(services, target, undefined);
  }
}

/** Reports that nothing is left to resolve, or goes to the next conflict. */
async function finish(
  services: CommandServices,
  target: unknown,
  from: vscode.Position | undefined,
): Promise<void> {
  const left = await find(services, target);
  if (left && left.places.length > 0) {
    if (from) {
      await goToNext(left, from);
    }
    return;
  }
  if (left) {
    await offerToSave(services, left.document.uri, allResolved);
  }
}

/** The conflict of a lens, or the one at the cursor, or the only one, or the user's choice. */
async function placeOf(
  services: CommandServices,
  { document, places }: Conflicted,
  target: unknown,
): Promise<ConflictPlace | undefined> {
  if (typeof target === 'object' && target !== null && 'conflict' in target) {
    return places.find(({ conflict }) => conflictKey(conflict) === target.conflict);
  }
  const cursor = cursorIn(document);
  const here = places.filter(
    ({ whole }) => cursor && whole.start.line <= cursor.line && cursor.line <= whole.end.line,
  );
  const candidates = here.length > 0 ? here : places;
  const [only] = candidates;
  if (candidates.length === 1) {
    return only;
  }
  return picked(
    await services.prompts.pick(
      candidates.map((place) => ({
        label: pathText(place.conflict.path),
        description: theirsText(place.conflict),
        value: place,
      })),
      { title: placeTitle(services, document.uri), placeHolder: 'Conflict' },
    ),
  );
}

const cursorIn = (document: vscode.TextDocument): vscode.Position | undefined =>
  vscode.window.activeTextEditor?.document === document
    ? vscode.window.activeTextEditor.selection.active
    : undefined;

/** Goes to the first conflict after a position, or to the first one of all. */
async function goToNext({ document, places }: Conflicted, from: vscode.Position | undefined): Promise<void> {
  const next = places.find(({ name }) => from && name.start.isAfter(from)) ?? places[0];
  if (next) {
    const editor = await showDocument(document.uri, { preview: false });
    const { name, whole } = next;
    // The choices are above the line, which may be the first visible one.
    await selectRange(
      editor,
      new vscode.Range(name.start, name.start),
      vscode.TextEditorRevealType.InCenter,
      whole,
    );
  }
}

/** The document that a command was run on, if it has conflicts; otherwise reports that it has none. */
async function conflictedOf(services: CommandServices, target: unknown): Promise<Conflicted | undefined> {
  const conflicted = await find(services, target);
  if (conflicted && conflicted.places.length > 0) {
    return conflicted;
  }
  await services.prompts.notify('information', 'There are no conflicts to resolve in this document.');
  return undefined;
}

async function find(services: CommandServices, target: unknown): Promise<Conflicted | undefined> {
  const on =
    typeof target === 'object' && target !== null && 'conflict' in target && 'uri' in target
      ? target.uri
      : target;
  const uri = documentUriOf(on);
  const documents = await services.documents();
  const document = uri && openDocument(uri);
  const state = document && documents.peek(document.uri);
  const conflicts = document && conflictsOf(documents, document);
  return document && state && conflicts
    ? { document, state, conflicts, places: placesOf(document, conflicts) }
    : undefined;
}
