import * as vscode from 'vscode';
import { parseDocument } from '../../json/parse';
import type { Conflict } from '../../json/merge/merge';
import { samePath } from '../../json/merge/path';
import { conflictsNow, type ConflictsNow, type Unresolved } from '../../operations/save/conflicts';
import type { Decided, Unmerged } from '../../operations/save/mergeDocument';
import type { ConflictAuthor } from '../../operations/save/conflictAuthors';
import { jsonEquals } from '../../json/json';
import type { DocumentState, StoppedSave } from '../documentState';

/** The conflicts of one document. */
export interface DocumentConflicts extends Unresolved, ConflictsNow, Pick<StoppedSave, 'authors'> {}

/** Who made the other side's change, if known for its current value. */
export const authorOf = (
  { authors }: Pick<DocumentConflicts, 'authors'>,
  { path, theirs }: Conflict,
): ConflictAuthor | undefined =>
  authors.find((one) => samePath(one.path, path) && jsonEquals(one.theirs, theirs));

/**
 * The conflicts that stopped saves, until they're resolved, reverted, or saved. The text decides which of them are left,
 * so that undoing a resolution restores its conflict.
 */
export class Conflicts implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  /** Fires when conflicts stop a save, and when some are resolved or become obsolete. */
  readonly onDidChange = this.changed.event;

  dispose(): void {
    this.changed.dispose();
  }

  /** Remembers the conflicts of a save. Earlier resolutions stay valid. */
  keep(state: DocumentState, unmerged: Unmerged): void {
    const { base } = state;
    const { decided, authors } = this.current(state) ?? { decided: [], authors: [] };
    state.conflict = { unmerged, decided, base, authors, last: { open: unmerged.conflicts, decided } };
    this.changed.fire(state.uri);
  }

  /** Records who made the other side's changes. */
  setAuthors(state: DocumentState, authors: readonly ConflictAuthor[]): void {
    const kept = this.current(state);
    if (kept) {
      state.conflict = { ...kept, authors };
      this.changed.fire(state.uri);
    }
  }

  /** What is left of a document's conflicts; `undefined` if none stopped a save, or they're obsolete. */
  of(state: DocumentState, text: string): DocumentConflicts | undefined {
    const kept = this.current(state);
    if (!kept) {
      return undefined;
    }
    const mine = parseDocument(text);
    if (mine.ok) {
      kept.last = conflictsNow(kept, mine.value);
    }
    return { unmerged: kept.unmerged, authors: kept.authors, ...kept.last };
  }

  /** Resolves conflicts with mine. */
  useMine(state: DocumentState, conflicts: readonly Conflict[]): void {
    const kept = this.current(state);
    if (kept) {
      const decided = conflicts.map(({ path, theirs }) => ({ path, theirs }));
      state.conflict = { ...kept, decided: [...kept.decided, ...decided] };
      this.changed.fire(state.uri);
    }
  }

  /** The resolutions for saving a text. From now on, typed values count as resolutions. */
  decide(state: DocumentState, text: string): readonly Decided[] {
    const now = this.of(state, text);
    const kept = this.current(state);
    if (!now || !kept) {
      return [];
    }
    state.conflict = { ...kept, decided: now.decided };
    return now.decided;
  }

  /** Forgets a document's conflicts. */
  forget(state: DocumentState): void {
    if (state.conflict) {
      state.conflict = undefined;
      this.changed.fire(state.uri);
    }
  }

  private current({ conflict, base }: DocumentState): StoppedSave | undefined {
    return conflict?.base === base ? conflict : undefined;
  }
}
