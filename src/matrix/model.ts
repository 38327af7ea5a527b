import { asText } from '../json/visibleText';
import {
  compareStates,
  differingRows,
  type Comparison,
  type Row,
  type State,
} from '../operations/compare/compare';
import { isDifferent } from '../operations/compare/difference';
import { cellText, rowText } from '../operations/compare/texts';
import { settingsGroups } from '../settings/catalogue';
import { settingsField } from '../settings/catalogue';

/** An environment as a column. */
export interface Column {
  readonly label: string;
  /** The organization, if known, and the connection. */
  readonly around: string;
  readonly environmentId: number;
  readonly isProtected: boolean;
  readonly status: 'loading' | 'ready' | 'failed' | 'canceled';
  /** Why it couldn't be read. */
  readonly why?: string | undefined;
  /** Whether another key would help. */
  readonly needsKey?: boolean;
}

/** The user's display options. */
export interface MatrixOptions {
  readonly showsAll: boolean;
  readonly sort: 'group' | 'count';
}

/** A setting as a row. */
export interface MatrixRow {
  readonly key: string;
  readonly title: string;
  /** How it differs, in words. */
  readonly summary: string;
  readonly differs: boolean;
  /** It differs, but no value is the most common one, so none is odd. */
  readonly isSplit: boolean;
  /** What the filter searches. */
  readonly search: string;
  readonly cells: readonly MatrixCell[];
}

/** A value in the table. */
export interface MatrixCell {
  readonly text: string;
  /** Whether it isn't the most common value. */
  readonly isOdd: boolean;
  /** Whether it says why there is no value. */
  readonly isNote: boolean;
}

/** Everything that the panel shows. */
export interface MatrixView {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly groups: readonly { readonly title: string | undefined; readonly rows: readonly MatrixRow[] }[];
  readonly options: MatrixOptions;
  readonly loading: boolean;
  /** How many environments have been read, and the result. */
  readonly summary: string;
}

/** The settings of the columns that were read, compared. */
export const comparisonOf = (
  columns: readonly Column[],
  states: readonly (State | undefined)[],
  ignore: readonly string[],
): Comparison =>
  compareStates(
    columns.map(({ label }, index) => states[index] ?? { label, why: 'Not read yet.' }),
    { ignore },
  );

/** The visible rows, in order. */
export function shownRows(comparison: Comparison, { showsAll, sort }: MatrixOptions): readonly Row[] {
  const rows = showsAll ? comparison.rows : differingRows(comparison);
  return sort === 'group'
    ? rows
    : [...rows].sort(
        (left, right) =>
          Number(isDifferent(right.kind)) - Number(isDifferent(left.kind)) ||
          right.spread.differing - left.spread.differing,
      );
}

export function matrixView(
  columns: readonly Column[],
  comparison: Comparison,
  options: MatrixOptions,
): MatrixView {
  const labels = columns.map(({ label }) => label);
  const rows = shownRows(comparison, options);
  const matrixRow = (row: Row): MatrixRow => ({
    key: row.key,
    title: row.title,
    summary: rowText(row, labels),
    differs: isDifferent(row.kind),
    isSplit: isDifferent(row.kind) && row.spread.odd.length === 0,
    search: [row.key, row.title, ...(settingsField(row.key)?.synonyms ?? [])].join(' ').toLowerCase(),
    cells: row.cells.map((cell, index) => ({
      text: columns[index]?.status === 'loading' ? '…' : cellText(cell),
      isOdd: isDifferent(row.kind) && row.spread.odd.includes(index),
      isNote: cell.is !== 'value',
    })),
  });
  const read = columns.filter(({ status }) => status === 'ready').length;
  const loading = columns.some(({ status }) => status === 'loading');
  const failed = columns.filter(({ status }) => status === 'failed').length;
  const count = differingRows(comparison).length;
  const found =
    read < 2
      ? ''
      : count === 0
        ? 'No differences.'
        : count === 1
          ? '1 setting differs.'
          : `${count} settings differ.`;
  return {
    title: asText(titleOf(columns)),
    columns,
    groups:
      options.sort === 'count'
        ? [{ title: undefined, rows: rows.map(matrixRow) }]
        : settingsGroups.flatMap(({ id, title }) => {
            const held = rows.filter(({ group }) => group === id);
            return held.length > 0 ? [{ title, rows: held.map(matrixRow) }] : [];
          }),
    options,
    loading,
    summary: [
      loading || read < columns.length ? `Read ${read} of ${columns.length} environments.` : '',
      failed > 0 ? `${failed} couldn't be read.` : '',
      found,
    ]
      .filter(Boolean)
      .join(' '),
  };
}

/** The most environments that a tab names. */
const namedInTitle = 3;

const titleOf = (columns: readonly Column[]): string =>
  columns.length <= namedInTitle
    ? `Compare ${columns.map(({ label }) => label).join(' ↔ ')}`
    : `Compare ${columns.length} environments`;
