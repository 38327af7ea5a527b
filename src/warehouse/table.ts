import type { ValueOutcome } from '../settings/answer';
import { readOnlyReason } from './managed';
import { columnTypes, type ColumnUpdates } from './columnTypes';
import { columnPath, describeColumns, type TableDocument } from './columns';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, objectOf, own } from '../json/json';
import type { DocumentProblem, JsonPath, ValidDocument } from '../json/parse';
import { notInDocument } from '../settings/check';
import { mostFixed, withFixes } from '../settings/fixes';
import { isStoredAs } from '../settings/storedForm';
import {
  checkTableValue,
  ruleOfTableKey,
  tableFields,
  tableFormats,
  type Add,
  type TableContext,
} from './tableFields';
import { leftOutOfQueries } from './unreadable';
import { meantInTable, tableFixes } from './tableFixes';

export {
  columnTypeDoubt,
  columnTypeDoubts,
  columnTypes,
  doubtfulColumnTypes,
  type ColumnUpdates,
} from './columnTypes';
export { doubleQuotesOption, tableFormats, type TableContext } from './tableFields';
export { describeColumns, diffColumns, type ColumnDescription, type ColumnDifference } from './columns';
export { readOnlyReason };
export { detectFormat, proposeTableName, tableNameProblem } from './tableNames';

/** What a save of a table document would send. */
export interface TablePlan {
  /** The body of the PATCH; empty if there is nothing to send. */
  readonly patch: JsonObject;
  readonly updates: ColumnUpdates;
  /** Keys of the base that aren't in the document. PostHog keeps their values. */
  readonly missing: readonly string[];
}

/** A value that the server didn't apply. `path` is a key, or `columns.name`. */
export interface IgnoredTableKey {
  readonly path: string;
  readonly sent: JsonValue;
  readonly answered: JsonValue | undefined;
}

/**
 * The problems of the values that a table document changes (API facts 2.1, 2.3, 2.4, 2.5). An `error` is something that
 * PostHog rejects or silently drops, or that must not be sent.
 */
export function checkTable(document: ValidDocument, context: TableContext): DocumentProblem[] {
  const { base } = context;
  const problems: DocumentProblem[] = [];
  const add: Add = (path, code, message, options = {}) => {
    const { offset, length } = (options.atKey ? document.locateKey : document.locate)(path);
    problems.push({ path, offset, length, severity: options.severity ?? 'error', code, message });
  };
  const managed = readOnlyReason(context.table ?? {});
  if (managed !== undefined && !jsonEquals(document.value, base)) {
    add([], 'read-only', managed);
  }
  for (const [key, value] of Object.entries(document.value)) {
    if (value === undefined || jsonEquals(value, own(base, key))) {
      continue;
    }
    checkTableValue(key, value, context, add);
  }
  const types = objectOf(document.value.columns);
  for (const [name, type] of Object.entries(context.unreadable ?? {})) {
    if (own(types, name) === type) {
      add(columnPath(name), 'unreadable-column', leftOutOfQueries(name, type), { severity: 'warning' });
    }
  }
  const placeOf = (path: JsonPath): string => JSON.stringify(path);
  const meant = new Set(
    problems
      .filter(({ code }) => code.startsWith('unknown-'))
      .slice(0, mostFixed)
      .flatMap(({ path }) =>
        meantInTable(path, document.value, base).map((name) => placeOf([...path.slice(0, -1), name])),
      ),
  );
  const missing = Object.keys(base).filter(
    (one) => !Object.hasOwn(document.value, one) && !meant.has(placeOf([one])),
  );
  if (missing.length > 0) {
    add([], 'missing-key', notInDocument(missing), { severity: 'information' });
  }
  const spot = { mine: document.value, base, formats: tableFormats, types: columnTypes };
  return withFixes(
    // One mistake has one mark: a misspelled column or option isn't a removed one as well.
    problems.filter(({ code, path }) => !code.startsWith('removed-') || !meant.has(placeOf(path))),
    (problem) => tableFixes(problem, spot),
  );
}

/**
 * What to send to make the table match the document: first PATCH, then `update_schema`.
 *
 * @param base the table document as last confirmed by the server
 * @param mine the table document as edited
 */
export function planTable(base: JsonObject, mine: JsonObject): TablePlan {
  const patch: JsonObject = {};
  for (const { key, toSend } of tableFields.filter(({ sentBy }) => sentBy === 'patch')) {
    const value = own(mine, key);
    if (value !== undefined && !jsonEquals(value, base[key])) {
      patch[key] = toSend ? toSend(value, base[key]) : value;
    }
  }
  const before = objectOf(base.columns);
  const updates: ColumnUpdates = Object.fromEntries(
    Object.entries(objectOf(mine.columns)).flatMap(([name, type]) =>
      typeof type === 'string' && Object.hasOwn(before, name) && type !== before[name] ? [[name, type]] : [],
    ),
  );
  const missing = Object.keys(base).filter((key) => !Object.hasOwn(mine, key));
  return { patch, updates, missing };
}

/**
 * What happened to each value of a plan.
 *
 * @param answer the table object in PostHog's response afterwards
 */
export function tableOutcomes(
  { patch, updates }: Pick<TablePlan, 'patch' | 'updates'>,
  answer: JsonObject,
): ValueOutcome[] {
  const types = new Map(describeColumns(answer).map(({ name, type }) => [name, type]));
  const became = (
    path: JsonPath,
    wanted: JsonValue,
    answered: JsonValue | undefined,
  ): ValueOutcome['became'] =>
    jsonEquals(wanted, answered)
      ? 'same'
      : path.length === 1 && isStoredAs(ruleOfTableKey(String(path[0])), wanted, answered)
        ? 'reshaped'
        : 'missing';
  return [
    ...Object.entries(patch).flatMap(([key, wanted]) => {
      const answered = own(answer, key);
      // The server may have other options in addition to those that were sent.
      return isJsonObject(wanted) && isJsonObject(answered)
        ? Object.entries(wanted).map(([option, part]) => ({
            path: [key, option],
            wanted: part,
            answered: own(answered, option),
          }))
        : [{ path: [key], wanted, answered }];
    }),
    ...Object.entries(updates).map(([name, wanted]) => ({
      path: columnPath(name),
      wanted,
      answered: types.get(name),
    })),
  ].flatMap(({ path, wanted, answered }) =>
    wanted === undefined ? [] : [{ path, wanted, answered, became: became(path, wanted, answered) }],
  );
}

/** The values of a plan that the server didn't apply. See {@link tableOutcomes}. */
export function compareTableAnswer(
  plan: Pick<TablePlan, 'patch' | 'updates'>,
  answer: JsonObject,
): IgnoredTableKey[] {
  return tableOutcomes(plan, answer).flatMap(({ path, wanted, answered, became }) =>
    became === 'missing' ? [{ path: path.join('.'), sent: wanted, answered }] : [],
  );
}

/** Re-exported with the functions that use it. */
export type { TableDocument };
