import type * as vscode from 'vscode';
import { allowsScope, type Connection } from '../connections/connection';
import type { Connections } from '../connections/connections';
import type { ReadOnlyReason } from '../connections/environmentMarks';
import type { RemoteChange } from '../directory/remoteChanges';
import type { JsonObject } from '../json/json';
import { PostHogError } from '../posthog/errors';
import type { EnvironmentDetail, WarehouseTable } from '../posthog/models';
import { readOnlyReason } from '../warehouse/managed';
import {
  isRemote,
  type DocumentFacts,
  type DocumentState,
  type LoadedDocument,
  type RemoteState,
} from './documentState';
import type * as render from './render';
import { parseDocumentUri, targetKey, type DocumentTarget } from './uris/uri';

/** The response a document is created from. */
type Remote = { kind: 'settings'; detail: EnvironmentDetail } | { kind: 'table'; table: WarehouseTable };

/** What decides whether a document can be edited, apart from the document itself. */
interface DocumentAccess {
  readonly connection: Connection | undefined;
  /** Why nothing can be written to the environment; `undefined` if it isn't read-only. */
  readonly whyReadOnly: ReadOnlyReason | undefined;
}

/** Documents as PostHog has them. */
export class DocumentSource {
  constructor(private readonly connections: Connections) {}

  /** Loads a document with one request. @throws PostHogError */
  async fetch(uri: vscode.Uri, signal?: AbortSignal): Promise<LoadedDocument> {
    const parsed = parseDocumentUri(uri);
    if (!parsed) {
      throw new PostHogError({
        kind: 'not-found',
        what: "This isn't the address of a PostHog document.",
        why: `The address is ${uri.path}.`,
        remedy: 'Open the document from the Environments view.',
      });
    }
    const [remote, rendering] = await Promise.all([this.request(parsed.target, signal), loadRender()]);
    return loadedFrom(rendering, { uri, ...parsed }, remote, this.access(parsed.target));
  }

  /** The current version, in the form of the document. @throws PostHogError */
  async fetchTheirs(target: DocumentTarget, signal?: AbortSignal): Promise<JsonObject> {
    const remote = await this.request(target, signal);
    const { settingsDocument, tableDocument } = await loadRender();
    return remote.kind === 'settings' ? settingsDocument(remote.detail.raw) : tableDocument(remote.table.raw);
  }

  /**
   * What another part of this window just loaded or saved.
   *
   * @returns the new version of a document, if it's about that document
   */
  async announced(change: RemoteChange): Promise<(state: DocumentState) => LoadedDocument | undefined> {
    if (change.kind !== 'environment' && change.kind !== 'table') {
      return () => undefined;
    }
    const remote: Remote =
      change.kind === 'environment'
        ? { kind: 'settings', detail: change.detail }
        : { kind: 'table', table: change.table };
    const key = [
      change.connectionId,
      change.environment.id,
      change.kind === 'table' ? change.table.id : 'settings',
    ].join('/');
    const rendering = await loadRender();
    return (state) =>
      isRemote(state) && targetKey(state.target) === key
        ? loadedFrom(rendering, state, remote, this.access(state.target))
        : undefined;
  }

  /** Why a document can't be edited with the connection's current key; `undefined` if it can. */
  readOnlyReason(state: DocumentState): string | undefined {
    return permissionReason(state, this.access(state.target));
  }

  private async request(target: DocumentTarget, signal = new AbortController().signal): Promise<Remote> {
    const client = await this.connections.client(target.connectionId);
    return target.kind === 'settings'
      ? { kind: 'settings', detail: await client.getEnvironment(target.environment, signal) }
      : { kind: 'table', table: await client.getTable(target.environment, target.tableId, signal) };
  }

  private access(target: DocumentState['target']): DocumentAccess {
    const { connectionId } = target;
    return {
      connection: this.connections.get(connectionId),
      whyReadOnly:
        target.kind === 'new' ? undefined : this.connections.whyReadOnly(connectionId, target.environment.id),
    };
  }
}

/** The catalogue is loaded with the first document, not at activation. */
const loadRender = (): Promise<typeof render> => import('./render');

/** Creates a document from a response. */
function loadedFrom(
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
      // The author of a proposal doesn't apply it.
      remote.kind === 'settings' && view !== 'proposal'
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

const orPropose = 'Or use Propose Change to let someone else apply it.';

/** Why a document can't be edited with the connection's current key; `undefined` if it can. */
function permissionReason(
  { target, view, managed }: Pick<DocumentFacts, 'target' | 'view' | 'managed'>,
  { connection, whyReadOnly }: DocumentAccess,
): string | undefined {
  if (view === 'proposal') {
    return undefined;
  }
  if (view !== 'edit') {
    return "This is PostHog's current version.";
  }
  const propose = target.kind === 'settings' ? ` ${orPropose}` : '';
  if (whyReadOnly) {
    return `${whyReadOnly.what} ${whyReadOnly.remedy}${propose}`;
  }
  const missing = (scope: string): string | undefined =>
    allowsScope(connection?.access, scope) === false
      ? `Read-only: the API key of "${connection?.label ?? ''}" doesn't have the scope ${scope}. Replace the key to edit.${propose}`
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
