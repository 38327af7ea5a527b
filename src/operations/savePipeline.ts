import { afterWrite } from '../posthog/abort';
import type { PostHogClient } from '../posthog/client';
import { isPostHogError, type PostHogError } from '../posthog/errors';
import type { EnvironmentRef, WarehouseTable } from '../posthog/models';
import { confirmedBase, settingsOutcomes, type ValueOutcome } from '../settings/answer';
import { settingsField, type Generation } from '../settings/catalogue';
import { settingsChanges, tableChanges } from './changes';
import { checkSettings } from '../settings/check';
import { formatDocument, settingsDocument } from '../settings/document';
import { tableDocument } from '../warehouse/tableDocument';
import type { JsonObject } from '../json/json';
import type { ValidDocument } from '../json/parse';
import { conflictingKeys, planSettings } from '../settings/patch';
import {
  checkTable,
  columnTypeDoubts,
  conflictingTableKeys,
  planTable,
  tableOutcomes,
  type ColumnUpdates,
} from '../warehouse/table';
import { acceptedUnconfirmed, couldNotConfirm, keptItsOwn, list, sentences } from './phrases';
import { problemAt } from './refusedPlaces';
import { SaveRefused, type ConfirmSave, type Saved, type Seen } from './saveRefused';
import {
  confirmedNotice,
  lookAndConfirm,
  missingNotice,
  partRefusal,
  readBefore,
  readable,
  refuseConflicts,
  refuseProblems,
  remedyFor,
  reshapedNotice,
  write,
} from './saveSteps';
import { textAfterSave } from './textAfterSave';

/** What is saved: the editor's text, and what the server said when the document was opened. */
export interface SaveRequest {
  client: PostHogClient;
  environment: EnvironmentRef;
  text: string;
  /** The document as it was when it was opened or last saved. */
  base: JsonObject;
  signal: AbortSignal;
  /** Called once the difference is known and before anything is sent. What it throws ends the save. */
  confirm?: ConfirmSave;
}

/** The caller's role, where the server told it, for refusals that are sure beforehand (API facts 4.3). */
export interface Role {
  membershipLevel?: number | null;
  userAccessLevel?: string | null;
}

/**
 * Saves a settings document: check, fetch what the server has now, stop on a conflict, send the changed keys in
 * one PATCH, and compare the answer with what was sent.
 *
 * @throws SaveRefused whenever the server does not have what the editor shows afterwards.
 */
export async function saveSettings(
  { client, environment, text, base, signal, confirm }: SaveRequest,
  generation: Generation,
  role: Role = {},
): Promise<Saved> {
  const mine = readable(text, (document) => checkSettings(document, { base, generation, ...role }));
  const plan = planSettings(base, mine.value, generation, mine.locate);
  refuseProblems(plan.problems);
  const missing = missingNotice(plan.missing);
  if (Object.keys(plan.body).length === 0) {
    return {
      base,
      mine: mine.value,
      text: textAfterSave(text, mine.value, base),
      sentKeys: [],
      notices: missing,
    };
  }
  const outcomesIn = (wanted: JsonObject, state: JsonObject): ValueOutcome[] =>
    settingsOutcomes(wanted, state, generation, base);
  const look = async (): Promise<{ theirs: JsonObject; body: JsonObject }> => {
    const before = await readBefore(() => client.getEnvironment(environment, signal));
    const theirs = documentLike(base, before.raw);
    refuseConflicts(conflictingKeys(base, theirs, plan.body, generation));
    return { theirs, body: onlyMissing(plan.body, outcomesIn(plan.body, theirs)) };
  };
  const { theirs, body } = await lookAndConfirm(
    look,
    ({ theirs, body }) => ({
      changes: settingsChanges(theirs, body, generation),
      environmentName: typeof theirs.name === 'string' ? theirs.name : undefined,
    }),
    confirm,
  );
  const saved = (now: JsonObject, more: Partial<Saved> = {}): Saved => ({
    base: now,
    mine: confirmedBase(mine.value, outcomesIn(plan.body, now)),
    text: textAfterSave(text, mine.value, now),
    sentKeys: [],
    ...more,
    notices: [...(more.notices ?? []), ...reshapedNotice(outcomesIn(plan.body, now), mine.value), ...missing],
  });
  if (Object.keys(body).length === 0) {
    return saved(theirs);
  }
  const { answer, failure } = await write(
    () => client.patchEnvironment(environment, body, signal),
    () => client.getEnvironment(environment, afterWrite(signal)),
    (state) => outcomesIn(body, state).some(isThere),
    { document: mine, body },
  );
  const after = documentLike({ ...base, ...body }, answer.raw);
  const outcomes = outcomesIn(plan.body, answer.raw);
  if (!outcomes.every(isThere)) {
    throw partRefusal({
      document: mine,
      body,
      outcomes,
      base: confirmedBase(base, outcomes),
      seen: { ...seenAs(after), detail: answer },
      failure,
    });
  }
  return saved(after, {
    sentKeys: Object.keys(body),
    detail: answer,
    notices: confirmedNotice(failure),
  });
}

const isThere = ({ became }: ValueOutcome): boolean => became !== 'missing';

const seenAs = (document: JsonObject): Seen => ({ document, text: formatDocument(document) });

/** The keys of a body of which something is not there yet. */
function onlyMissing(body: JsonObject, outcomes: readonly ValueOutcome[]): JsonObject {
  const open = new Set(outcomes.filter((one) => !isThere(one)).map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(body).filter(([key]) => open.has(key)));
}

/** What a save of a table document sends. */
interface TableChanges {
  patch: JsonObject;
  updates: ColumnUpdates;
}

/**
 * Saves a table document: PATCH for what PATCH takes, then `update_schema` for changed column types (API facts
 * 2.3, 2.5). Neither is undone when the second fails: the refusal then says what was applied and what was not. A
 * server that is known to refuse types to every key gets nothing of a document that changes one.
 *
 * @throws SaveRefused whenever the server does not have what the editor shows afterwards.
 */
export async function saveTable(
  { client, environment, text, base, signal, confirm }: SaveRequest,
  tableId: string,
  generation: Generation,
): Promise<Saved> {
  const takesTypes = client.takesKeysFor('update_schema');
  const document = readable(text, (one) => checkTable(one, { base, generation, takesTypes }));
  const mine = document.value;
  const { patch, updates, missing } = planTable(base, mine);
  const wanted = { patch, updates };
  const saved = (now: JsonObject, more: Partial<Saved> = {}): Saved => ({
    base: now,
    mine,
    text: textAfterSave(text, mine, now),
    sentKeys: [],
    ...more,
    notices: [...(more.notices ?? []), ...missingNotice(missing)],
  });
  if (isEmpty(wanted)) {
    return saved(base);
  }
  const read = (): Promise<WarehouseTable> => client.getTable(environment, tableId, afterWrite(signal));
  const look = async (): Promise<{ theirs: WarehouseTable; changes: TableChanges }> => {
    const theirs = await readBefore(() => client.getTable(environment, tableId, signal));
    refuseConflicts(conflictingTableKeys(base, tableDocument(theirs.raw), wanted));
    return { theirs, changes: missingOf(wanted, tableOutcomes(wanted, theirs.raw)) };
  };
  const { theirs, changes } = await lookAndConfirm(
    look,
    ({ theirs, changes }) => ({
      changes: tableChanges(tableDocument(theirs.raw), changes.patch, changes.updates),
      doubts: columnTypeDoubts(changes.updates),
    }),
    confirm,
  );
  const shaped = ({ raw }: WarehouseTable): readonly string[] =>
    reshapedNotice(tableOutcomes(wanted, raw), mine);
  if (isEmpty(changes)) {
    return saved(tableDocument(theirs.raw), { notices: shaped(theirs) });
  }
  const part: TablePart = { document, base, wanted, changes };
  const patched = await patchTable(
    part,
    () => client.patchTable(environment, tableId, changes.patch, signal),
    read,
  );
  const retyped =
    Object.keys(changes.updates).length > 0
      ? await retype(
          part,
          patched?.table,
          () => client.updateSchema(environment, tableId, changes.updates, signal),
          read,
        )
      : undefined;
  const table = retyped?.table ?? patched?.table ?? theirs;
  const outcomes = tableOutcomes(wanted, table.raw);
  if (!outcomes.every(isThere)) {
    // Everything that was sent was seen there, so that somebody else has changed what is missing now.
    throw partRefusal({
      document,
      body: {},
      outcomes,
      base: confirmedBase(base, outcomes),
      seen: seenTable(table),
      also: appliedOf(changes, outcomes),
    });
  }
  return saved(tableDocument(table.raw), {
    sentKeys: [...Object.keys(changes.patch), ...(retyped ? ['columns'] : [])],
    table,
    notices: [...(patched?.notices ?? []), ...(retyped?.notices ?? []), ...shaped(table)],
  });
}

/** What a save of a table document sends, and what it is made from. */
interface TablePart {
  document: ValidDocument;
  base: JsonObject;
  /** Everything that the document changes. */
  wanted: TableChanges;
  /** What of it is not there yet. */
  changes: TableChanges;
}

const isEmpty = ({ patch, updates }: TableChanges): boolean =>
  Object.keys(patch).length + Object.keys(updates).length === 0;

const typesOf = (updates: ColumnUpdates): string =>
  list(Object.entries(updates).map(([column, type]) => `${column} → ${type}`));

const seenTable = (table: WarehouseTable): Seen => ({ ...seenAs(tableDocument(table.raw)), table });

function appliedOf(changes: TableChanges, outcomes: readonly ValueOutcome[]): string {
  const { patch, updates } = missingOf(changes, outcomes);
  const applied = [
    ...Object.keys(changes.patch).filter((key) => !Object.hasOwn(patch, key)),
    ...Object.keys(changes.updates)
      .filter((name) => !Object.hasOwn(updates, name))
      .map((name) => `columns.${name}`),
  ];
  return applied.length > 0 ? `Applied: ${list(applied)}.` : '';
}

/** What of a plan the server does not have. */
function missingOf({ patch, updates }: TableChanges, outcomes: readonly ValueOutcome[]): TableChanges {
  const paths = outcomes.filter((one) => !isThere(one)).map(({ path }) => path);
  const keys = new Set(paths.map(([key]) => key));
  const columns = new Set(paths.flatMap(([key, name]) => (key === 'columns' ? [name] : [])));
  return {
    patch: Object.fromEntries(Object.entries(patch).filter(([key]) => keys.has(key))),
    updates: Object.fromEntries(Object.entries(updates).filter(([name]) => columns.has(name))),
  };
}

/** The first half of a table's save. */
async function patchTable(
  { document, base, wanted, changes: { patch, updates } }: TablePart,
  send: () => Promise<WarehouseTable>,
  read: () => Promise<WarehouseTable>,
): Promise<{ table: WarehouseTable; notices: readonly string[] } | undefined> {
  if (Object.keys(patch).length === 0) {
    return undefined;
  }
  const also = Object.keys(updates).length > 0 ? `Not sent: ${typesOf(updates)}.` : '';
  const { answer, failure } = await write(
    send,
    read,
    (state) => tableOutcomes({ patch, updates: {} }, state).some(isThere),
    { document, body: patch },
    also,
  );
  const outcomes = tableOutcomes({ patch: wanted.patch, updates: {} }, answer.raw);
  if (!outcomes.every(isThere)) {
    throw partRefusal({
      document,
      body: patch,
      outcomes,
      base: confirmedBase(base, outcomes),
      seen: seenTable(answer),
      failure,
      also,
    });
  }
  return { table: answer, notices: confirmedNotice(failure) };
}

/**
 * The second half of a table's save. `update_schema` answers nothing, so the table is read again.
 *
 * @param patched the table after the first half, where there was one
 */
async function retype(
  { document, base, wanted, changes: { patch, updates } }: TablePart,
  patched: WarehouseTable | undefined,
  send: () => Promise<void>,
  read: () => Promise<WarehouseTable>,
): Promise<{ table: WarehouseTable; notices: readonly string[] }> {
  const done = Object.keys(patch).length > 0 ? `Applied: ${list(Object.keys(patch))}.` : '';
  const marked = (names: readonly string[], message: string) =>
    names.map((name) => problemAt(document, ['columns', name], message));
  const left = (table: WarehouseTable | undefined): { base?: JsonObject; seen?: Seen } =>
    table ? { base: confirmedBase(base, tableOutcomes(wanted, table.raw)), seen: seenTable(table) } : {};
  const refusal = (
    error: PostHogError,
    table: WarehouseTable | undefined,
    message: readonly string[],
    mark?: string,
  ): SaveRefused =>
    new SaveRefused(sentences(...message), {
      remedy: remedyFor(error),
      ...left(table),
      problems: mark === undefined ? [] : marked(Object.keys(updates), mark),
      cause: error,
    });
  const notApplied = `Not applied: ${typesOf(updates)}.`;
  let failure: PostHogError | undefined;
  try {
    await send();
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!error.mayHaveBeenApplied) {
      throw refusal(error, patched, [notApplied, done, error.message], error.detail ?? error.message);
    }
    failure = error;
  }
  let table: WarehouseTable;
  try {
    table = await read();
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    const cause = failure ?? error;
    const outcome = failure
      ? couldNotConfirm('Save again', `PostHog took ${typesOf(updates)}`)
      : acceptedUnconfirmed('Save again', typesOf(updates));
    throw refusal(cause, patched, [outcome, done, cause.what, cause.why]);
  }
  const ignored = tableOutcomes({ patch: {}, updates }, table.raw).filter((one) => !isThere(one));
  if (ignored.length > 0 && failure) {
    throw refusal(failure, table, [notApplied, done, failure.what, failure.why]);
  }
  if (ignored.length > 0) {
    const names = ignored.map(({ path }) => String(path[1]));
    throw new SaveRefused(sentences(keptItsOwn(names.map((name) => `columns.${name}`)), done), {
      remedy: 'compare',
      ...left(table),
      problems: marked(names, 'PostHog did not take this type.'),
    });
  }
  const invalid = table.columns
    .filter(({ name, schema_valid }) => !schema_valid && Object.hasOwn(updates, name))
    .map(({ name }) => name);
  const unreadable =
    invalid.length > 0
      ? [
          `${list(invalid)}: the new type doesn't match the data, so queries leave the column out. Choose another type.`,
        ]
      : [];
  return { table, notices: [...confirmedNotice(failure), ...unreadable] };
}

/** The settings document, with those keys beside it that the catalogue does not know and an earlier save wrote. */
function documentLike(known: JsonObject, raw: JsonObject): JsonObject {
  const unknown = Object.keys(known).filter((key) => !settingsField(key) && Object.hasOwn(raw, key));
  return { ...settingsDocument(raw), ...Object.fromEntries(unknown.map((key) => [key, raw[key]])) };
}
