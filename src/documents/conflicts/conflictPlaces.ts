import * as vscode from 'vscode';
import type { Conflict } from '../../json/merge/merge';
import type { MergePath } from '../../json/merge/path';
import type { OutlineEntry } from '../../json/outline';
import type { Documents } from '../documents';
import { whenText } from '../../ui/days';
import { authorOf, type DocumentConflicts } from './conflicts';
import { outlineIn } from '../../ui/outlines';
import { rangeOf } from '../../ui/spans';

/** A conflict and its position. */
export interface ConflictPlace {
  readonly conflict: Conflict;
  /** The key or, if it isn't in the text, its nearest ancestor. */
  readonly name: vscode.Range;
  /** From the key to the end of the value. */
  readonly whole: vscode.Range;
  /** The value; an empty range if it isn't in the text. */
  readonly value: vscode.Range;
}

/** The argument of commands for a single conflict. */
export interface ConflictTarget {
  readonly uri: vscode.Uri;
  readonly conflict: string;
}

/** Who made the other side's change, and when, as part of a sentence: `Ada Example at 10:00 AM`. */
export function changedBy(conflicts: DocumentConflicts, conflict: Conflict): string | undefined {
  const author = authorOf(conflicts, conflict);
  return author && `${author.who} ${whenText(author.at)}`;
}

/** Identifies a conflict in its document. */
export const conflictKey = ({ path }: Conflict): string => JSON.stringify(path);

/** The conflicts of an open, editable document; `undefined` if there are none. */
export function conflictsOf(
  documents: Documents,
  document: vscode.TextDocument,
): DocumentConflicts | undefined {
  const state = documents.peek(document.uri);
  return state?.view === 'edit' ? documents.conflicts.of(state, document.getText()) : undefined;
}

/** The unresolved conflicts of a document, from top to bottom. */
export function placesOf(
  document: vscode.TextDocument,
  { open }: DocumentConflicts,
): readonly ConflictPlace[] {
  if (open.length === 0) {
    return [];
  }
  const outline = outlineIn(document);
  return open
    .map((conflict): ConflictPlace => {
      const entry = entryAt(outline, conflict.path);
      const top = new vscode.Range(0, 0, 0, 0);
      return {
        conflict,
        name: entry ? rangeOf(document, entry.name) : top,
        whole: entry ? rangeOf(document, entry.whole) : top,
        value: entry ? valueOf(document, entry, conflict.path) : top,
      };
    })
    .sort((one, other) => one.name.start.compareTo(other.name.start));
}

function valueOf(document: vscode.TextDocument, entry: OutlineEntry, path: MergePath): vscode.Range {
  const range = rangeOf(document, entry.value);
  return entry.path.length === path.length ? range : new vscode.Range(range.start, range.start);
}

/** The entry at a path, or its nearest existing ancestor. */
function entryAt(outline: readonly OutlineEntry[], path: MergePath): OutlineEntry | undefined {
  let found: OutlineEntry | undefined;
  let entries = outline;
  for (const step of path) {
    const next = entries.find((entry) =>
      typeof step === 'string'
        ? entry.path.at(-1) === step
        : entry.children.some(({ path: below, literal }) => below.at(-1) === step.key && literal === step.is),
    );
    if (!next) {
      break;
    }
    found = next;
    entries = next.children;
  }
  return found;
}
