import type * as vscode from 'vscode';
import { allowsScope, type Connection } from '../connections/connection';
import type { EnvironmentDetail, WarehouseTable } from '../posthog/models';
import type * as render from './render';
import type { JsonObject } from '../json/json';
import type { ConflictAuthor } from '../operations/save/conflictAuthors';
import type { ConflictsNow, Unresolved } from '../operations/save/conflicts';
import { readOnlyReason } from '../warehouse/managed';
import type { DraftTarget } from './uris/draftUri';
import type { ShownProblems } from './checks/shownProblems';
import type { Revision, Revisions } from './revisions';
import type { DocumentTarget, DocumentView } from './uris/uri';
import type { ReadOnlyReason } from '../connections/environmentMarks';

/** What a document shows, and what can be done with it. */
interface DocumentFacts {
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

/** The response a document is created from. */
export type Remote =
  { kind: 'settings'; detail: EnvironmentDetail } | { kind: 'table'; table: WarehouseTable };

/** What decides whether a document can be edited, apart from the document itself. */
export interface DocumentAccess {
  readonly connection: Connection | undefined;
  /** Why nothing can be written to the environment; `undefined` if it isn't read-only. */
  readonly whyReadOnly: ReadOnlyReason | undefined;
}

/** The catalogue is loaded with the first document, not at activation. */
export const loadRender = (): Promise<typeof render> => import('./render');

/** Creates a document from a response. */
export function loadedFrom(
  { settingsDocument, tableDocument, formatDocument, maskSecrets }: typeof render,
  { uri, target, view }: Pick<RemoteState, 'uri' | 'target' | 'view'>,
  remote: Remote,
  access: DocumentAccess,
): LoadedDocument {
  const raw = remote.kind === 'settings' ? remote.detail.raw : remote.table.raw;
  const base = remote.kind === 'settings' ? settingsDocument(raw) : tableDocument(raw);
  const managed = remote.kind === 'table' ? readOnlyReason(raw) : undefined;
  return {
    uri,
    target,
    view,
    base,
    text: formatDocument(view === 'response' ? maskSecrets(raw) : base),
    mtime: Date.now(),
    managed,
    readOnly: permissionReason({ target, view, managed }, access),
    unreadable: remote.kind === 'table' ? unreadableColumns(remote.table) : undefined,
    role:
      remote.kind === 'settings'
        ? {
            membershipLevel: remote.detail.effective_membership_level ?? null,
            userAccessLevel: remote.detail.user_access_level ?? null,
          }
        : {},
  };
}

const unreadableColumns = ({ columns }: WarehouseTable): Readonly<Record<string, string>> =>
  Object.fromEntries(
    columns.filter(({ schema_valid }) => !schema_valid).map(({ name, type }) => [name, type]),
  );

/** Why a document can't be edited with the connection's current key; `undefined` if it can. */
export function permissionReason(
  { target, view, managed }: Pick<DocumentFacts, 'target' | 'view' | 'managed'>,
  { connection, whyReadOnly }: DocumentAccess,
): string | undefined {
  if (view !== 'edit') {
    return "This is PostHog's current version.";
  }
  if (whyReadOnly) {
    return `${whyReadOnly.what} ${whyReadOnly.remedy}`;
  }
  const missing = (scope: string): string | undefined =>
    allowsScope(connection?.access, scope) === false
      ? `Read-only: the API key of "${connection?.label ?? ''}" doesn't have the scope ${scope}. Replace the key to edit.`
      : undefined;
  switch (target.kind) {
    case 'new':
      return undefined;
    case 'table':
      return managed ?? missing('warehouse_table:write');
    case 'settings':
      // Documented servers accept most settings with project:read (API facts 4.2).
      return connection?.profile?.generation === 'current' ? missing('project:write') : undefined;
  }
}
