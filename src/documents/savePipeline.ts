import type { PostHogClient } from '../posthog/client';
import { isPostHogError, type PostHogError } from '../posthog/errors';
import type { EnvironmentRef, WarehouseTable } from '../posthog/models';
import { settingsField, type Generation } from '../settings/catalogue';
import { settingsChanges, tableChanges } from '../settings/changes';
import { checkSettings } from '../settings/check';
import { settingsDocument, tableDocument } from '../settings/document';
import { jsonEquals, type JsonObject } from '../settings/json';
import { baseAfter, compareAnswer, conflictingKeys, planSettings } from '../settings/patch';
import {
  checkTable,
  compareTableAnswer,
  conflictingTableKeys,
  planTable,
  type ColumnUpdates,
} from '../settings/table';
import { SaveRefused, type ConfirmSave, type Saved } from './saveRefused';
import {
  confirmedNotice,
  ignoredRefusal,
  list,
  lookAndConfirm,
  missingNotice,
  readBefore,
  readable,
  refuseConflicts,
  refuseProblems,
  remedyFor,
  sentences,
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
  const look = async (): Promise<{ theirs: JsonObject; body: JsonObject }> => {
    const before = await readBefore(() => client.getEnvironment(environment, signal));
    const theirs = documentLike(base, before.raw);
    refuseConflicts(conflictingKeys(base, theirs, plan.body, generation));
    return { theirs, body: stillDifferent(plan.body, base, theirs, generation) };
  };
  const { theirs, body } = await lookAndConfirm(
    look,
    ({ theirs, body }) => settingsChanges(theirs, body, generation),
    confirm,
  );
  if (Object.keys(body).length === 0) {
    return {
      base: theirs,
      mine: mine.value,
      text: textAfterSave(text, mine.value, theirs),
      sentKeys: [],
      notices: missing,
    };
  }
  const { answer, failure } = await write(
    () => client.patchEnvironment(environment, body, signal),
    () => client.getEnvironment(environment, signal),
    (state) => {
      const ignored = new Set(compareAnswer(body, state, generation, base).map(({ key }) => key));
      return Object.keys(body).some((key) => !ignored.has(key));
    },
  );
  const after = documentLike({ ...base, ...body }, answer.raw);
  const ignored = compareAnswer(body, answer.raw, generation, base);
  if (ignored.length > 0) {
    throw ignoredRefusal(
      ignored.map(({ path }) => path),
      body,
      baseAfter(base, body, after, generation),
      { hints: ignored.flatMap(({ hint }) => hint ?? []), failure },
    );
  }
  return {
    base: after,
    mine: mine.value,
    text: textAfterSave(text, mine.value, after),
    sentKeys: Object.keys(body),
    detail: answer,
    notices: [...confirmedNotice(failure), ...missing],
  };
}

/** What a save of a table document sends. */
interface TableChanges {
  patch: JsonObject;
  updates: ColumnUpdates;
}

/**
 * Saves a table document: PATCH for what PATCH takes, then `update_schema` for changed column types (API facts
 * 2.3, 2.5). Neither is undone when the second fails: the refusal then says what was applied and what was not.
 *
 * @throws SaveRefused whenever the server does not have what the editor shows afterwards.
 */
export async function saveTable(
  { client, environment, text, base, signal, confirm }: SaveRequest,
  tableId: string,
  generation: Generation,
): Promise<Saved> {
  const mine = readable(text, (document) => checkTable(document, { base, generation }));
  const { patch, updates, missing } = planTable(base, mine.value);
  const notices = missingNotice(missing);
  const saved = (now: JsonObject, more: Partial<Saved> = {}): Saved => ({
    base: now,
    mine: mine.value,
    text: textAfterSave(text, mine.value, now),
    sentKeys: [],
    ...more,
    notices: [...(more.notices ?? []), ...notices],
  });
  if (isEmpty({ patch, updates })) {
    return saved(base);
  }
  const read = (): Promise<WarehouseTable> => client.getTable(environment, tableId, signal);
  const look = async (): Promise<{ theirs: WarehouseTable; changes: TableChanges }> => {
    const theirs = await readBefore(read);
    refuseConflicts(conflictingTableKeys(base, tableDocument(theirs.raw), { patch, updates }));
    return { theirs, changes: stillDifferentTable({ patch, updates }, theirs.raw) };
  };
  const { theirs, changes } = await lookAndConfirm(
    look,
    ({ theirs, changes }) => tableChanges(tableDocument(theirs.raw), changes.patch, changes.updates),
    confirm,
  );
  if (isEmpty(changes)) {
    return saved(tableDocument(theirs.raw));
  }
  const patched = await patchTable(
    changes,
    base,
    () => client.patchTable(environment, tableId, changes.patch, signal),
    read,
  );
  const retyped =
    Object.keys(changes.updates).length > 0
      ? await retype(
          changes,
          patched.base,
          () => client.updateSchema(environment, tableId, changes.updates, signal),
          read,
        )
      : undefined;
  const table = retyped?.table ?? patched.table ?? theirs;
  return saved(tableDocument(table.raw), {
    sentKeys: [...Object.keys(changes.patch), ...(retyped ? ['columns'] : [])],
    table,
    notices: [...patched.notices, ...(retyped?.notices ?? [])],
  });
}

const isEmpty = ({ patch, updates }: TableChanges): boolean =>
  Object.keys(patch).length + Object.keys(updates).length === 0;

const typesOf = (updates: ColumnUpdates): string =>
  list(Object.entries(updates).map(([column, type]) => `${column} → ${type}`));

/** The first half of a table's save. `base` is what a failing second half leaves behind. */
async function patchTable(
  { patch, updates }: TableChanges,
  base: JsonObject,
  send: () => Promise<WarehouseTable>,
  read: () => Promise<WarehouseTable>,
): Promise<{ base: JsonObject; table?: WarehouseTable; notices: readonly string[] }> {
  if (Object.keys(patch).length === 0) {
    return { base, notices: [] };
  }
  const also = Object.keys(updates).length > 0 ? `Not sent: ${typesOf(updates)}.` : '';
  const ignoredIn = (state: JsonObject): string[] =>
    compareTableAnswer({ patch, updates: {} }, state).map(({ path }) => path);
  const { answer, failure } = await write(
    send,
    read,
    (state) => ignoredIn(state).length < Object.keys(patch).length,
    also,
  );
  // Only what was sent moves on: what somebody else changed meanwhile must not look like the person's doing.
  const now = tableDocument(answer.raw);
  const next = { ...base, ...Object.fromEntries(Object.keys(patch).map((key) => [key, now[key]])) };
  const ignored = ignoredIn(answer.raw);
  if (ignored.length > 0) {
    throw ignoredRefusal(ignored, patch, next, { failure, also });
  }
  return { base: next, table: answer, notices: confirmedNotice(failure) };
}

/** The second half of a table's save. `update_schema` answers nothing, so the table is read again. */
async function retype(
  { patch, updates }: TableChanges,
  base: JsonObject,
  send: () => Promise<void>,
  read: () => Promise<WarehouseTable>,
): Promise<{ table: WarehouseTable; notices: readonly string[] }> {
  const done = Object.keys(patch).length > 0 ? `Applied: ${list(Object.keys(patch))}.` : '';
  const refusal = (error: PostHogError, ...parts: string[]): SaveRefused =>
    new SaveRefused(sentences(...parts), { remedy: remedyFor(error), base, cause: error });
  let failure: PostHogError | undefined;
  try {
    await send();
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!error.mayHaveBeenApplied) {
      throw refusal(error, `Not applied: ${typesOf(updates)}.`, done, error.message);
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
      ? `Save again when PostHog can be reached: whether it took ${typesOf(updates)} is unknown, and it could not be asked.`
      : `Save again when PostHog can be reached: it accepted ${typesOf(updates)}, but could not be asked to confirm it.`;
    throw refusal(cause, outcome, done, cause.what, cause.why);
  }
  const ignored = compareTableAnswer({ patch: {}, updates }, table.raw).map(({ path }) => path);
  if (ignored.length > 0 && failure) {
    throw refusal(failure, `Not applied: ${typesOf(updates)}.`, done, failure.what, failure.why);
  }
  if (ignored.length > 0) {
    throw new SaveRefused(
      sentences(`PostHog answered success but did not change the types of ${list(ignored)}.`, done),
      { remedy: 'compare', base },
    );
  }
  const invalid = table.columns
    .filter(({ name, schema_valid }) => !schema_valid && Object.hasOwn(updates, name))
    .map(({ name }) => name);
  const unreadable =
    invalid.length > 0
      ? [
          `${list(invalid)}: the new type does not read the data, so queries leave the column out. Choose another type.`,
        ]
      : [];
  return { table, notices: [...confirmedNotice(failure), ...unreadable] };
}

/** The settings document, with those keys beside it that the catalogue does not know and an earlier save wrote. */
function documentLike(known: JsonObject, raw: JsonObject): JsonObject {
  const unknown = Object.keys(known).filter((key) => !settingsField(key) && Object.hasOwn(raw, key));
  return { ...settingsDocument(raw), ...Object.fromEntries(unknown.map((key) => [key, raw[key]])) };
}

function stillDifferent(
  body: JsonObject,
  base: JsonObject,
  theirs: JsonObject,
  generation: Generation,
): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(
      ([key, value]) =>
        !Object.hasOwn(theirs, key) ||
        (!jsonEquals(value, theirs[key]) &&
          compareAnswer({ [key]: value }, theirs, generation, base).length > 0),
    ),
  );
}

function stillDifferentTable({ patch, updates }: TableChanges, theirs: JsonObject): TableChanges {
  const open = new Set(compareTableAnswer({ patch, updates }, theirs).map(({ path }) => path));
  return {
    patch: Object.fromEntries(Object.entries(patch).filter(([key]) => open.has(key))),
    updates: Object.fromEntries(Object.entries(updates).filter(([name]) => open.has(`columns.${name}`))),
  };
}
