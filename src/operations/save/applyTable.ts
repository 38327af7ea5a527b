import { afterWrite } from '../../posthog/abort';
import type { PostHogClient } from '../../posthog/client';
import type { Stop } from '../../posthog/errors';
import type { WarehouseTable } from '../../posthog/models';
import type { ValueOutcome } from '../../settings/answer';
import type { JsonObject } from '../../json/json';
import { columnAt, columnPath } from '../../warehouse/columns';
import {
  checkTable,
  columnTypeDoubts,
  planTable,
  tableOutcomes,
  type ColumnUpdates,
} from '../../warehouse/table';
import { tableDocument } from '../../warehouse/tableDocument';
import { actionFor } from '../actions';
import type { Applying } from './applySettings';
import {
  confirmedNotice,
  isThere,
  lookAndConfirm,
  mergeOrStop,
  partOutcome,
  readFirst,
  refusedWith,
  reshapedNotice,
  saidOfRefusal,
  type Confirmed,
  type Look,
  type Now,
} from './applySteps';
import { tableChanges } from '../changes';
import type { TableChangeSet } from '../changeSet';
import { madeBy, Recording } from '../history/recording';
import { answeredOfTable } from '../review/rehearsal';
import { confirmedIn, isOwn, wantedOf, type Merged } from './mergeDocument';
import { applied, notApplied, partly, unknown, type Outcome } from '../outcome';
import {
  appliedSoFar,
  doesNotHave,
  keptItsOwnHere,
  typesMayStillCome,
  typesNotApplied,
  typesNotSent,
} from '../phrases/saving';
import { list, sentences } from '../phrases/sentences';
import { typesDoNotMatch } from '../phrases/tables';
import { acceptedUnconfirmed, couldNotConfirm, didApply, keptItsOwn, whether } from '../phrases/writes';
import { invalidTypes, missingTypes, writeTypes } from '../table/writeTypes';
import { absentOutcome, unknownOutcome } from './unsettled';
import { mayStillApply, write } from '../write';

/** The calls that applying table changes makes. */
export type TableClient = Pick<PostHogClient, 'getTable' | 'patchTable' | 'updateSchema' | 'takesKeysFor'>;

export type TableOutcome = Outcome<Now<WarehouseTable>>;

/** What to send of a table. */
interface TableParts {
  readonly patch: JsonObject;
  readonly updates: ColumnUpdates;
}

/** What the server has, and what to send so that it has both sides' changes. */
interface TableLook {
  readonly theirs: WarehouseTable;
  readonly merged: JsonObject;
  /** Names of their changes that were merged in. */
  readonly taken: readonly string[];
  readonly parts: TableParts;
  /** When the server was asked, in milliseconds since the epoch. */
  readonly askedAtMs: number;
}

/**
 * Applies table changes, merged with what someone else has changed in the meantime: PATCH for what it accepts, then
 * `update_schema` for changed column types (API facts 2.3, 2.5). If the second fails, the first isn't undone: the
 * outcome says what was applied and what wasn't.
 *
 * @throws Canceled if the user canceled before anything was sent
 */
export async function applyTable(
  set: TableChangeSet,
  applying: Applying<TableClient>,
): Promise<TableOutcome> {
  const record = new Recording(applying.begin);
  return record.of(apply(set, applying, record), madeBy);
}

async function apply(
  set: TableChangeSet,
  { client, signal, confirm, decided = [] }: Applying<TableClient>,
  record: Recording,
): Promise<TableOutcome> {
  const { environment, generation, tableId, base } = set;
  if (isEmpty(set)) {
    return applied('', { document: base, base, mine: set.mine, values: [], taken: [] });
  }
  const mine = wantedOf(base, set.mine);
  const looked = await lookAndConfirm(
    async (): Promise<Look<TableLook>> => {
      const askedAtMs = Date.now();
      const first = await readFirst(() => client.getTable(environment, tableId, signal));
      if ('refusal' in first) {
        return first;
      }
      const now = tableDocument(first.seen.raw);
      const both = mergeOrStop('table', { base, mine, theirs: now }, decided, (merged) =>
        checkTable(merged, { base: now, generation }),
      );
      if ('refusal' in both) {
        return both;
      }
      const plan = planTable(now, both.merged);
      const parts = missingOf(plan, tableOutcomes(plan, first.seen.raw));
      return { seen: { ...both, theirs: first.seen, parts, askedAtMs } };
    },
    ({ theirs, parts }) => ({
      sending: {
        kind: 'table',
        ...{ environment, generation, tableId, raw: theirs.raw, ...parts },
        takesTypes: client.takesKeysFor('update_schema'),
      },
      changes: tableChanges(tableDocument(theirs.raw), parts.patch, parts.updates),
      doubts: columnTypeDoubts(parts.updates),
    }),
    confirm,
  );
  if ('refusal' in looked) {
    return looked.refusal;
  }
  const { theirs, merged, taken, parts, askedAtMs } = looked.seen;
  const part: TablePart = {
    ...{ base, mine, merged, parts, taken },
    ...(looked.noticesOf && { noticesOf: looked.noticesOf }),
    written: set.mine,
    wanted: planTable(base, merged),
  };
  if (isEmpty(parts)) {
    const now = { ...nowOf(part, theirs), state: undefined };
    return applied('', { ...now, base: now.document }, { notices: reshapedNotice(now.values, set.mine) });
  }
  const look = (): Promise<WarehouseTable> => client.getTable(environment, tableId, afterWrite(signal));
  const changes = tableChanges(tableDocument(theirs.raw), parts.patch, parts.updates);
  const patched = await sendPatch(
    part,
    () => record.sending(changes, () => client.patchTable(environment, tableId, parts.patch, signal)),
    look,
  );
  if ('kind' in patched) {
    return patched;
  }
  const retyped = await sendTypes(
    part,
    patched.table,
    () => record.sending(changes, () => client.updateSchema(environment, tableId, parts.updates, signal)),
    look,
  );
  if ('kind' in retyped) {
    return retyped;
  }
  const table = retyped.table ?? patched.table ?? theirs;
  const now = nowOf(part, table);
  record.window = {
    ...{ kind: 'table', generation: set.generation, before: tableDocument(theirs.raw), after: now.document },
    ...{ sent: { ...parts.patch, columns: parts.updates }, elapsedMs: Date.now() - askedAtMs },
  };
  if (!now.values.every(isThere)) {
    // Everything that was sent was confirmed there, so someone else has changed what is missing now.
    const rest = missingOf(parts, now.values);
    const before = [
      ...Object.keys(parts.patch).filter((key) => !Object.hasOwn(rest.patch, key)),
      ...Object.keys(parts.updates)
        .filter((name) => !Object.hasOwn(rest.updates, name))
        .map((name) => `columns.${name}`),
    ];
    return partOutcome({ body: {}, now, before, also: appliedSoFar(before) });
  }
  return applied(
    '',
    { ...now, base: now.document },
    {
      changed: [...Object.keys(parts.patch), ...(retyped.table ? ['columns'] : [])],
      notices: [
        ...patched.notices,
        ...retyped.notices,
        ...reshapedNotice(now.values, set.mine),
        ...saidOfAnswer(part, table),
      ],
    },
  );
}

/** What is sent of a table, and what it is derived from. */
interface TablePart extends Merged, Pick<Confirmed, 'noticesOf'> {
  /** The user's version of the document. */
  readonly written: JsonObject;
  /** Names of someone else's changes that were merged in. */
  readonly taken: readonly string[];
  /** Everything that either side changed. */
  readonly wanted: TableParts;
  /** The part that the server doesn't have yet. */
  readonly parts: TableParts;
}

/** The table after one of the two requests; absent if it wasn't sent. */
interface Half {
  readonly table?: WarehouseTable;
  readonly notices: readonly string[];
}

/** The first half: what PATCH accepts. */
async function sendPatch(
  part: TablePart,
  send: () => Promise<WarehouseTable>,
  look: () => Promise<WarehouseTable>,
): Promise<Half | TableOutcome> {
  const { patch, updates } = part.parts;
  if (Object.keys(patch).length === 0) {
    return { notices: [] };
  }
  const also = Object.keys(updates).length > 0 ? typesNotSent(typesOf(updates)) : '';
  const written = await write({
    send,
    look,
    tookSome: ({ raw }) => tableOutcomes({ patch, updates: {} }, raw).some(isThere),
  });
  if (written.kind === 'refused') {
    const why = sentences(also, ...saidOfRefusal(written.error, part));
    return refusedWith(written.error, why, { document: part.merged, body: patch });
  }
  if (written.kind === 'absent') {
    return absentOutcome(written, 'Save again', also);
  }
  if (written.kind === 'unknown') {
    return unknownOutcome(written, couldNotConfirm('Save again'), { also, action: { kind: 'checkAgain' } });
  }
  const { state, doubt } = written;
  const now = nowOf({ ...part, wanted: { patch: part.wanted.patch, updates: {} } }, state);
  if (!now.values.every(isThere)) {
    // The rehearsal had the types, too.
    const differs = doubt || also !== '' ? [] : saidOfAnswer(part, state);
    return partOutcome({ body: patch, now, doubt, also: sentences(also, ...differs) });
  }
  return { table: state, notices: confirmedNotice(doubt) };
}

/**
 * The second half: column types. `update_schema` returns nothing, so the table is read again.
 *
 * @param patched the table after the first half, if there was one
 */
async function sendTypes(
  part: TablePart,
  patched: WarehouseTable | undefined,
  send: () => Promise<void>,
  look: () => Promise<WarehouseTable>,
): Promise<Half | TableOutcome> {
  const { patch, updates } = part.parts;
  if (Object.keys(updates).length === 0) {
    return { notices: [] };
  }
  const before = Object.keys(patch);
  const done = appliedSoFar(before);
  const marks = (names: readonly string[], message: string) =>
    names.map((name) => ({ path: columnPath(name), message, code: 'refused' as const }));
  const ended = (
    table: WarehouseTable | undefined,
    what: string,
    details: Partial<Pick<TableOutcome, 'why' | 'action' | 'isOpen' | 'cause' | 'spots'>>,
  ): TableOutcome => {
    const now = table && nowOf(part, table);
    return now && before.length > 0
      ? partly(what, now, { changed: before, ...details })
      : notApplied(what, { result: now, ...details });
  };
  /** PostHog doesn't have them yet, but may still be working on them. */
  const open = (doubt: Stop, table: WarehouseTable, took = '') =>
    ended(table, doubt.what, {
      why: sentences(done, doubt.why, took, typesMayStillCome(typesOf(missingOfTypes(table, updates)))),
      action: { kind: 'retry' },
      isOpen: true,
      cause: doubt,
    });
  const failed = (error: Stop, table: WarehouseTable | undefined, ...why: readonly string[]) => ({
    ...ended(table, typesNotApplied(typesOf(table ? missingOfTypes(table, updates) : updates)), {
      why: sentences(done, ...why),
      action: actionFor(error),
      cause: error,
    }),
  });
  const written = await writeTypes(updates, { send, look, isSecond: patched !== undefined });
  if (written.kind === 'refused') {
    const { error } = written;
    const spots = marks(Object.keys(updates), error.detail ?? error.message);
    return { ...failed(error, patched, error.message, ...saidOfRefusal(error, part)), spots };
  }
  if (written.kind === 'unknown') {
    const cause = written.doubt ?? written.error;
    const what = written.doubt
      ? couldNotConfirm('Save again', whether.applied(typesOf(updates)))
      : acceptedUnconfirmed('Save again', typesOf(updates));
    const details = {
      why: sentences(done, cause.what, cause.why),
      action: actionFor(cause),
      cause,
    };
    return patched ? ended(patched, what, { ...details, isOpen: true }) : unknown(what, details);
  }
  if (written.kind === 'absent') {
    const { state, doubt } = written;
    return mayStillApply(doubt) ? open(doubt, state) : failed(doubt, state, doubt.what, doubt.why);
  }
  const { state, doubt } = written;
  const names = missingTypes(state, updates);
  if (names.length > 0 && doubt) {
    // Without a response, it's unknown whether PostHog accepted the rest.
    const took = Object.keys(updates).filter((name) => !names.includes(name));
    return mayStillApply(doubt)
      ? open(doubt, state, didApply(took))
      : failed(doubt, state, doubt.what, doubt.why, doesNotHave(names), didApply(took));
  }
  if (names.length > 0) {
    return ended(state, keptItsOwn(names.map((name) => `columns.${name}`)), {
      why: sentences(done, ...saidOfAnswer(part, state)),
      action: { kind: 'compare' },
      spots: marks(names, keptItsOwnHere('type')),
    });
  }
  return {
    table: state,
    notices: [...confirmedNotice(doubt), ...typesDoNotMatch(invalidTypes(state, updates))],
  };
}

/** Where the response differs from the rehearsal, as sentences. */
const saidOfAnswer = ({ parts, noticesOf }: TablePart, { raw }: WarehouseTable): readonly string[] =>
  noticesOf?.(answeredOfTable(parts, raw)) ?? [];

/** The types that a table doesn't have. */
function missingOfTypes(table: WarehouseTable, updates: ColumnUpdates): ColumnUpdates {
  const names = missingTypes(table, updates);
  return Object.fromEntries(Object.entries(updates).filter(([name]) => names.includes(name)));
}

function nowOf(part: TablePart, state: WarehouseTable): Now<WarehouseTable> {
  const { base, written, wanted, taken } = part;
  // What only someone else changed is irrelevant to this save.
  const values = tableOutcomes(wanted, state.raw).filter(({ path }) => isOwn(part, path));
  return {
    ...{ document: tableDocument(state.raw), values, taken, state },
    base: confirmedIn(base, part, values),
    mine: confirmedIn(written, part, values),
  };
}

const isEmpty = ({ patch, updates }: TableParts): boolean =>
  Object.keys(patch).length + Object.keys(updates).length === 0;

const typesOf = (updates: ColumnUpdates): string =>
  list(Object.entries(updates).map(([column, type]) => `${column} → ${type}`));

/** What the server's table is missing. */
function missingOf({ patch, updates }: TableParts, values: readonly ValueOutcome[]): TableParts {
  const paths = values.filter((one) => !isThere(one)).map(({ path }) => path);
  const keys = new Set(paths.map(([key]) => key));
  const columns = new Set(paths.map(columnAt));
  return {
    patch: Object.fromEntries(Object.entries(patch).filter(([key]) => keys.has(key))),
    updates: Object.fromEntries(Object.entries(updates).filter(([name]) => columns.has(name))),
  };
}
