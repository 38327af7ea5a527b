import { jsonEquals, type JsonObject } from '../../json/json';
import type { SettingsClient } from './applySettings';
import type { TableClient } from './applyTable';
import { generationOf, type ProfiledClient } from '../generation';
import { beginOf } from '../history/recording';
import type { Decided } from './mergeDocument';
import { saveSettings, saveTable, type Role } from './savePipeline';
import { SaveRefused, type ConfirmSave, type Saved, type Seen } from './saveRefused';
import type { EnvironmentAt, OperationServices, TableAt } from '../services';
import { receiptOf } from '../phrases/receipts';

/** The calls that saving makes. */
type SavingClient = SettingsClient & TableClient & ProfiledClient;

/** What a document describes. */
export type DocumentAt =
  (EnvironmentAt & { readonly kind: 'settings' }) | (TableAt & { readonly kind: 'table' });

/** What to save. */
interface DocumentSave {
  readonly text: string;
  /** The document as it was when it was opened or last saved. */
  readonly base: JsonObject;
  readonly role?: Role;
  readonly signal: AbortSignal;
  /** Called once the difference is known and before anything is sent. Throwing stops the save. */
  readonly confirm?: ConfirmSave;
  /** The conflicts that the user decided with their own value. */
  readonly decided?: readonly Decided[] | undefined;
  /**
   * Takes the new base of a partly applied save before its changes are announced, so that the open document doesn't
   * treat them as someone else's.
   */
  rebase?(refusal: SaveRefused): void;
}

/**
 * Saves a document, and announces what changed.
 *
 * @throws SaveRefused whenever the server doesn't have what the editor shows afterwards; Canceled
 */
export async function saveDocument(
  services: OperationServices<SavingClient>,
  address: DocumentAt,
  { role, rebase, ...save }: DocumentSave,
): Promise<Saved> {
  const { name } = save.base;
  // The address keeps the name that the document was opened with.
  const at = typeof name === 'string' ? { ...address, name } : address;
  const { connectionId, environment } = at;
  const client = await services.connections.client(connectionId);
  const generation = await generationOf(client, environment, save.signal);
  const begin = beginOf(services, {
    connectionId,
    environment,
    environmentName: at.kind === 'settings' ? at.name : undefined,
    table: at.kind === 'table' ? { id: at.tableId, name: at.name } : undefined,
    kind: 'save',
  });
  const request = { client, environment, begin, ...save };
  try {
    const saved =
      at.kind === 'settings'
        ? await saveSettings(request, generation, role)
        : await saveTable(request, at.tableId, generation);
    leaveReceipt(services, at, true, saved.sentKeys, saved.taken, saved.detail?.name);
    announceSeen(services, at, saved);
    return saved;
  } catch (error) {
    if (error instanceof SaveRefused && error.base) {
      leaveReceipt(services, at, false, changedKeys(save.base, error.base));
      rebase?.(error);
      announceSeen(services, at, error.seen ?? {});
    }
    throw error;
  }
}

/** @param keys the keys that the server applied; if there are none, nothing was written */
function leaveReceipt(
  { receipts }: Pick<OperationServices<unknown>, 'receipts'>,
  { kind, connectionId, environment, name }: DocumentAt,
  isAll: boolean,
  keys: readonly string[],
  merged: readonly string[] = [],
  environmentName?: string,
): void {
  if (keys.length > 0) {
    receipts.add({
      done: receiptOf.save(isAll, kind === 'table' ? name : undefined),
      connectionId,
      environmentId: environment.id,
      name: environmentName,
      keys,
      ...(merged.length > 0 && { merged }),
      isUndoable: true,
    });
  }
}

/** Announces the server's state. */
function announceSeen(
  { changes }: Pick<OperationServices<unknown>, 'changes'>,
  { connectionId, environment }: DocumentAt,
  { detail, table }: Pick<Seen, 'detail' | 'table'>,
): void {
  if (detail) {
    changes.fire({ kind: 'environment', connectionId, environment, detail });
  }
  if (table) {
    changes.fire({ kind: 'table', connectionId, environment, table });
  }
}

/** The keys that a partly failed save has applied. */
function changedKeys(before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !jsonEquals(before[key], after[key]),
  );
}
