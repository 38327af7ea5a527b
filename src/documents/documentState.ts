import type * as vscode from 'vscode';
import type { JsonObject } from '../json/json';
import type { ConflictAuthor } from '../operations/save/conflictAuthors';
import type { ConflictsNow, Unresolved } from '../operations/save/conflicts';
import type { DraftTarget } from './uris/draftUri';
import type { ShownProblems } from './checks/shownProblems';
import type { Revision, Revisions } from './revisions';
import type { DocumentTarget, DocumentView } from './uris/uri';

/** What a document shows, and what can be done with it. */
export interface DocumentFacts {
  readonly uri: vscode.Uri;
  readonly target: DocumentTarget | DraftTarget;
  readonly view: DocumentView;
  /** Why it can't be edited; `undefined` if it can. */
  readOnly: string | undefined;
  /** The part of {@link readOnly} that no other key can change. */
  managed?: string | undefined;
  /** Columns whose declared type doesn't match the data, with that type. */
  unreadable?: Readonly<Record<string, string>> | undefined;
  /** The role of the key's owner in the environment, if the server reported it. */
  role: { membershipLevel?: number | null; userAccessLevel?: string | null };
}

/** A document as loaded from the server or restored after a reload. */
export interface LoadedDocument extends DocumentFacts {
  /** The server's document when {@link text} was created; for a draft, the result of its saves so far. */
  readonly base: JsonObject;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
}

/** What is kept of a save that conflicts stopped. */
export interface StoppedSave extends Unresolved {
  /** The document's base at that time. With a different base, the conflicts are obsolete. */
  readonly base: JsonObject;
  /** The last result, while the text isn't valid JSON. */
  last: ConflictsNow;
  /** Who made the other side's changes, as far as PostHog knows. */
  readonly authors: readonly ConflictAuthor[];
}

/** What is stored of a document for a reload, so that not every keystroke writes a file. */
export type Kept =
  | { readonly kind: 'nothing' }
  /** The base of unsaved changes. */
  | { readonly kind: 'kept'; readonly revision: Revision }
  /** The base from before a reload: hot exit may not have restored the unsaved changes yet, and PostHog wasn't asked. */
  | { readonly kind: 'restored'; readonly revision: Revision };

/** The state of one open document. */
export interface DocumentState extends DocumentFacts {
  readonly revisions: Revisions;
  /** The base of the editor's text, and of its edits. */
  readonly base: JsonObject;
  kept: Kept;
  /** The text that VS Code is saving. */
  leaving: string | undefined;
  /** The encoding, other than UTF-8, in which VS Code read the text that the editor's text is based on. */
  misreadAs: string | undefined;
  readonly problems: ShownProblems;
  /** The save that conflicts stopped, until they're resolved, reverted, or saved. */
  conflict: StoppedSave | undefined;
  /** When the server was last queried, in milliseconds since the epoch. */
  askedAtMs: number;
}

/** The state of a document that exists on the server. */
export type RemoteState = DocumentState & { readonly target: DocumentTarget };

/** Whether a document exists on the server, unlike a draft. */
export function isRemote(state: DocumentState): state is RemoteState {
  return state.target.kind !== 'new';
}
