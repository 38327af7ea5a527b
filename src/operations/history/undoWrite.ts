import type { ReadingClient } from '../../posthog/client';
import type { EnvironmentDetail, WarehouseTable } from '../../posthog/models';
import { settingsDocument } from '../../settings/document';
import { tableDocument } from '../../warehouse/tableDocument';
import { applySettings, type SettingsClient } from '../save/applySettings';
import { readFirst, type Confirm, type Look, type Now } from '../save/applySteps';
import { applyTable, type TableClient } from '../save/applyTable';
import { applied, notApplied, type Outcome } from '../outcome';
import {
  cantBeRestored,
  changeCantBeUndone,
  nothingToRestore,
  nothingToUndo,
  takenBack,
} from '../phrases/history';
import { sentences } from '../phrases/sentences';
import { receiptOf } from '../phrases/receipts';
import { generationOf, type ProfiledClient } from '../generation';
import type { JsonObject } from '../../json/json';
import type { OperationServices } from '../services';
import { isEntryId, type HistoryEntry } from './entry';
import { namesOf } from './item';
import { beginOf } from './recording';
import { planUndo, type UndoConflict, type UndoPlan } from './undo';

/** The calls that planning makes. */
type PlanningClient = ProfiledClient & Pick<ReadingClient, 'getEnvironment' | 'getTable'>;

type UndoServices = OperationServices<PlanningClient & SettingsClient & TableClient>;

/** What to ask while undoing. */
export interface UndoPorts {
  readonly signal: AbortSignal;
  /** `restore`: restores someone else's value that a write replaced. Default: `undo`. */
  readonly kind?: 'undo' | 'restore';
  readonly confirm: Confirm;
  /**
   * What to do about values that someone has changed since: restore `all`, or only the `rest`.
   *
   * @param others what could be restored without them
   * @throws Canceled
   */
  decide(conflicts: readonly UndoConflict[], others: readonly string[]): Promise<'all' | 'rest'>;
}

/**
 * Undoes a write: reads what the server has, plans the inverse, and applies it like any other change set.
 *
 * @throws Canceled, PostHogError
 */
export async function undoWrite(
  services: UndoServices,
  entry: HistoryEntry,
  { signal, kind = 'undo', confirm, decide }: UndoPorts,
): Promise<Outcome<unknown>> {
  const { connectionId, environment, table } = entry;
  const client = await services.connections.client(connectionId);
  const planned = await planUndoOf(client, entry, signal);
  if ('refusal' in planned) {
    return planned.refusal;
  }
  const { raw, plan } = planned.seen;
  const isUndo = kind === 'undo';
  const cannot = isUndo ? changeCantBeUndone : cantBeRestored;
  if (plan.kind === 'refused') {
    return notApplied(cannot, { why: plan.why });
  }
  const { conflicts } = plan;
  const takes = conflicts.length === 0 ? 'rest' : await decide(conflicts, namesOf(plan.set.changes));
  const set = takes === 'all' ? plan.whole : plan.set;
  const problem = set.problems.find(({ severity }) => severity === 'error');
  if (problem) {
    return notApplied(cannot, { why: problem.message });
  }
  if (set.changes.length === 0) {
    return applied(isUndo ? nothingToUndo : nothingToRestore, undefined);
  }
  const name = table || typeof raw.name !== 'string' ? environment.name : raw.name;
  const begin = beginOf(services, {
    connectionId,
    environment,
    environmentName: name,
    table,
    kind,
    undoes: isUndo && isEntryId(entry.id) ? entry.id : undefined,
  });
  const applying = { client, signal, confirm, begin };
  const outcome = set.kind === 'table' ? await applyTable(set, applying) : await applySettings(set, applying);
  announce(services, entry, outcome, { name, kind });
  return outcome.kind === 'applied'
    ? applied(
        sentences(
          takenBack(isUndo ? 'Undone' : 'Restored', namesOf(set.changes), name, table?.name),
          ...outcome.notices,
        ),
        undefined,
      )
    : outcome;
}

/** Reads what the server has, and plans the inverse of a write, with a client that can't write. */
async function planUndoOf(
  client: PlanningClient,
  entry: HistoryEntry,
  signal: AbortSignal,
): Promise<Look<{ readonly raw: JsonObject; readonly plan: UndoPlan }>> {
  const { environment, table } = entry;
  const generation = await generationOf(client, environment, signal);
  const read = await readFirst<{ raw: JsonObject }>(() =>
    table ? client.getTable(environment, table.id, signal) : client.getEnvironment(environment, signal),
  );
  if ('refusal' in read) {
    return read;
  }
  const { raw } = read.seen;
  const current = table ? tableDocument(raw) : settingsDocument(raw);
  return { seen: { raw, plan: planUndo({ entry, environment, generation, current }) } };
}

/** Announces PostHog's current state, and adds the receipt of every write. */
function announce(
  { changes, receipts }: Pick<UndoServices, 'changes' | 'receipts'>,
  { connectionId, environment, table }: HistoryEntry,
  outcome: Outcome<Now<EnvironmentDetail>> | Outcome<Now<WarehouseTable>>,
  { name, kind }: { readonly name: string; readonly kind: 'undo' | 'restore' },
): void {
  const state = outcome.kind === 'unknown' ? undefined : outcome.result?.state;
  if (state && 'columns' in state) {
    changes.fire({ kind: 'table', connectionId, environment, table: state });
  } else if (state) {
    changes.fire({ kind: 'environment', connectionId, environment, detail: state });
  }
  if (outcome.changed.length > 0) {
    receipts.add({
      done: receiptOf[kind](table?.name),
      connectionId,
      environmentId: environment.id,
      name,
      keys: outcome.changed,
    });
  }
}
