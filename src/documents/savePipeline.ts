import type { PostHogClient } from '../posthog/client';
import { isPostHogError, type PostHogError } from '../posthog/errors';
import type { EnvironmentRef, WarehouseTable } from '../posthog/models';
import type { Generation } from '../settings/catalogue';
import { checkSettings } from '../settings/check';
import { settingsDocument, tableDocument } from '../settings/document';
import { jsonEquals, type JsonObject } from '../settings/json';
import { parseDocument, type DocumentProblem, type ValidDocument } from '../settings/parse';
import { compareAnswer, conflictingKeys, planSettings } from '../settings/patch';
import {
  checkTable,
  compareTableAnswer,
  conflictingTableKeys,
  planTable,
  type ColumnUpdates,
} from '../settings/table';
import { SaveRefused, type Saved } from './saveRefused';
import { textAfterSave } from './textAfterSave';

/** What is saved: the editor's text, and what the server said when the document was opened. */
export interface SaveRequest {
  client: PostHogClient;
  environment: EnvironmentRef;
  text: string;
  /** The document as it was when it was opened or last saved. */
  base: JsonObject;
  signal: AbortSignal;
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
  { client, environment, text, base, signal }: SaveRequest,
  generation: Generation,
  role: Role = {},
): Promise<Saved> {
  const mine = readable(text, (document) => checkSettings(document, { base, generation, ...role }));
  const plan = planSettings(base, mine.value, generation, mine.locate);
  refuseProblems(plan.problems);
  const missing = missingNotice(plan.missing);
  if (Object.keys(plan.body).length === 0) {
    return { base, text: textAfterSave(text, mine.value, base), sentKeys: [], notices: missing };
  }
  const theirs = settingsDocument((await client.getEnvironment(environment, signal)).raw);
  refuseConflicts(conflictingKeys(base, theirs, plan.body, generation));
  const body = stillDifferent(plan.body, theirs, generation);
  if (Object.keys(body).length === 0) {
    return { base: theirs, text: textAfterSave(text, mine.value, theirs), sentKeys: [], notices: missing };
  }
  const written = await write(
    () => client.patchEnvironment(environment, body, signal),
    () => client.getEnvironment(environment, signal),
    (answer) => compareAnswer(body, answer, generation).length === 0,
  );
  const answer = { ...pick(written.answer.raw, Object.keys(body)), ...settingsDocument(written.answer.raw) };
  const ignored = compareAnswer(body, written.answer.raw, generation);
  if (ignored.length > 0) {
    throw ignoredRefusal(
      ignored.map(({ path }) => path),
      body,
      base,
      answer,
      ignored.flatMap(({ hint }) => hint ?? []),
    );
  }
  return {
    base: answer,
    text: textAfterSave(text, mine.value, answer),
    sentKeys: Object.keys(body),
    detail: written.answer,
    notices: [...written.notices, ...missing],
  };
}

/**
 * Saves a table document: PATCH for what PATCH takes, then `update_schema` for changed column types (API facts
 * 2.3, 2.5). Neither is undone when the second fails: the refusal then says what was applied and what was not.
 *
 * @throws SaveRefused whenever the server does not have what the editor shows afterwards.
 */
export async function saveTable(
  { client, environment, text, base, signal }: SaveRequest,
  tableId: string,
  generation: Generation,
): Promise<Saved> {
  const mine = readable(text, (document) => checkTable(document, { base, generation }));
  const { patch, updates, missing } = planTable(base, mine.value);
  if (Object.keys(patch).length + Object.keys(updates).length === 0) {
    return {
      base,
      text: textAfterSave(text, mine.value, base),
      sentKeys: [],
      notices: missingNotice(missing),
    };
  }
  const read = (): Promise<WarehouseTable> => client.getTable(environment, tableId, signal);
  const theirs = tableDocument((await read()).raw);
  refuseConflicts(conflictingTableKeys(base, theirs, { patch, updates }));

  let current: JsonObject = base;
  let table: WarehouseTable | undefined;
  let notices: readonly string[] = [];
  if (Object.keys(patch).length > 0) {
    const written = await write(
      () => client.patchTable(environment, tableId, patch, signal),
      read,
      (answer) => compareTableAnswer({ patch, updates: {} }, answer).length === 0,
    );
    const answer = tableDocument(written.answer.raw);
    const ignored = compareTableAnswer({ patch, updates: {} }, written.answer.raw);
    if (ignored.length > 0) {
      throw ignoredRefusal(
        ignored.map(({ path }) => path),
        patch,
        base,
        answer,
      );
    }
    notices = written.notices;
    table = written.answer;
    current = { ...answer, columns: base.columns };
    if (Object.keys(updates).length === 0) {
      current = answer;
    }
  }
  if (Object.keys(updates).length > 0) {
    const retyped = await retype(
      { client, environment, text, base: current, signal },
      tableId,
      patch,
      updates,
    );
    current = retyped.base;
    table = retyped.table;
    notices = [...notices, ...retyped.notices];
  }
  return {
    base: current,
    text: textAfterSave(text, mine.value, current),
    sentKeys: [...Object.keys(patch), ...(Object.keys(updates).length > 0 ? ['columns'] : [])],
    ...(table && { table }),
    notices: [...notices, ...missingNotice(missing)],
  };
}

async function retype(
  { client, environment, base, signal }: SaveRequest,
  tableId: string,
  patched: JsonObject,
  updates: ColumnUpdates,
): Promise<{ base: JsonObject; table: WarehouseTable; notices: readonly string[] }> {
  const done = Object.keys(patched);
  const types = Object.entries(updates).map(([column, type]) => `${column} → ${type}`);
  const partly = (cause: PostHogError): SaveRefused =>
    new SaveRefused(
      done.length === 0
        ? cause.message
        : `Not applied: ${list(types)}. Applied: ${list(done)}. ${cause.message} Save again to retry the column types.`,
      { remedy: remedyFor(cause), base, cause },
    );
  let failure: PostHogError | undefined;
  try {
    await client.updateSchema(environment, tableId, updates, signal);
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!error.mayHaveBeenApplied) {
      throw partly(error);
    }
    failure = error;
  }
  let table: WarehouseTable;
  try {
    table = await client.getTable(environment, tableId, signal);
  } catch (error) {
    throw isPostHogError(error) ? partly(failure ?? error) : error;
  }
  const ignored = compareTableAnswer({ patch: {}, updates }, table.raw);
  if (ignored.length > 0) {
    if (failure) {
      throw partly(failure);
    }
    throw new SaveRefused(
      `Check the column types: PostHog answered success but did not change ${list(ignored.map(({ path }) => path))}.`,
      { remedy: 'compare', base },
    );
  }
  const invalid = table.columns
    .filter(({ name, schema_valid }) => !schema_valid && Object.hasOwn(updates, name))
    .map(({ name }) => name);
  return {
    base: tableDocument(table.raw),
    table,
    notices: [
      ...(failure ? [confirmedNotice(failure)] : []),
      ...(invalid.length > 0
        ? [
            `${list(invalid)}: the new type does not read the data, so queries leave the column out. Choose another type.`,
          ]
        : []),
    ],
  };
}

/** A write whose outcome may be unknown: then the server is asked once more before it is called a failure. */
async function write<T extends { raw: JsonObject }>(
  send: () => Promise<T>,
  read: () => Promise<T>,
  confirms: (answer: JsonObject) => boolean,
): Promise<{ answer: T; notices: readonly string[] }> {
  try {
    return { answer: await send(), notices: [] };
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!error.mayHaveBeenApplied) {
      throw refusedBy(error);
    }
    let now: T;
    try {
      now = await read();
    } catch {
      throw new SaveRefused(
        `Save again when PostHog can be reached: whether it took the change is unknown, and it could not be asked. ${error.message}`,
        { remedy: 'retry', cause: error },
      );
    }
    if (confirms(now.raw)) {
      return { answer: now, notices: [confirmedNotice(error)] };
    }
    throw refusedBy(error, 'PostHog was asked again: the change was not applied.');
  }
}

function refusedBy(error: PostHogError, addition = ''): SaveRefused {
  return new SaveRefused([error.message, addition].filter(Boolean).join(' '), {
    remedy: remedyFor(error),
    cause: error,
  });
}

/** The action that fits a failure of the server or the way to it. */
export function remedyFor(error: PostHogError): 'replaceKey' | 'retry' | 'none' {
  switch (error.kind) {
    case 'unauthorized':
    case 'missing-scope':
      return 'replaceKey';
    case 'server':
    case 'throttled':
    case 'network':
    case 'timeout':
    case 'html-answer':
      return 'retry';
    default:
      return 'none';
  }
}

function readable(
  text: string,
  check: (document: ValidDocument) => readonly DocumentProblem[],
): ValidDocument {
  const document = parseDocument(text);
  if (!document.ok) {
    throw problemRefusal(document.problems);
  }
  refuseProblems(check(document));
  return document;
}

function refuseProblems(problems: readonly DocumentProblem[]): void {
  if (problems.some(({ severity }) => severity === 'error')) {
    throw problemRefusal(problems);
  }
}

function problemRefusal(problems: readonly DocumentProblem[]): SaveRefused {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see the Problems view)` : '';
  return new SaveRefused(`${first?.message ?? 'The document cannot be read.'}${more} Nothing was sent.`, {
    problems,
  });
}

function refuseConflicts(keys: readonly string[]): void {
  if (keys.length > 0) {
    throw new SaveRefused(
      `Compare before you save: ${list(keys)} changed in PostHog since this document was opened. Nothing was sent.`,
      { remedy: 'compare' },
    );
  }
}

function ignoredRefusal(
  paths: readonly string[],
  sent: JsonObject,
  base: JsonObject,
  answer: JsonObject,
  hints: readonly string[] = [],
): SaveRefused {
  const top = new Set(paths.map((path) => path.split('.')[0] ?? path));
  const applied = Object.keys(sent).filter((key) => !top.has(key));
  const newBase: JsonObject = { ...base };
  for (const key of Object.keys(sent)) {
    newBase[key] = answer[key];
  }
  const rest = applied.length > 0 ? ` It did apply ${list(applied)}.` : '';
  return new SaveRefused(
    `Compare with what PostHog kept: it answered success but did not take ${list(paths)}. ${hints.join(' ') || 'Your plan or another setting may decide it.'}${rest}`,
    { remedy: 'compare', base: newBase },
  );
}

function stillDifferent(body: JsonObject, theirs: JsonObject, generation: Generation): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(
      ([key, value]) =>
        !Object.hasOwn(theirs, key) ||
        (!jsonEquals(value, theirs[key]) && compareAnswer({ [key]: value }, theirs, generation).length > 0),
    ),
  );
}

/** Keys the catalogue does not know yet stay in the document when a save wrote them. */
function pick(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(from, key)).map((key) => [key, from[key]]));
}

function missingNotice(missing: readonly string[]): readonly string[] {
  return missing.length === 0
    ? []
    : [
        `${list(missing)}: not in the document, so PostHog keeps ${missing.length === 1 ? 'its value' : 'their values'}. A setting is cleared with null, not by removing it.`,
      ];
}

function confirmedNotice(error: PostHogError): string {
  return `${error.what} PostHog was asked again and has the change.`;
}

/** `a`, `a and b`, `a, b and c`. */
function list(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names);
}
