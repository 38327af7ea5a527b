import type { JsonValue } from '../../json/json';
import { pathName } from '../../json/pathName';
import { settingsField } from '../../settings/catalogue';
import { formatDocument } from '../../settings/document';
import { list } from '../phrases/sentences';
import { differences, differingRows, type Cell, type Comparison, type Row } from './compare';
import { isDifferent, kindText, withArticle, type Difference } from './difference';

/** The key under which a document lists what wasn't compared. No setting has this name. */
const apartKey = '(not compared)';

/**
 * One of two states as a document in catalogue order, for a text diff: without secrets, what is meant to differ, and
 * what points to objects of the environment. Both documents list these identically at their end, so the diff ignores
 * them.
 */
export function comparedDocument(comparison: Comparison, index: number, here = 0, there = 1): string {
  const settings = comparison.rows.flatMap(({ key, kind, cells }) => {
    const cell = cells[index];
    return kind !== 'unmanaged' && cell?.is === 'value' ? [[key, cell.value] as const] : [];
  });
  const apart = differences(comparison, here, there).filter(({ kind }) => !isDifferent(kind));
  const labels = labelsOf(comparison, here, there);
  const notes = apart.map((one) => [pathName(one.path), kindText(one, ...labels)] as const);
  return formatDocument({
    ...Object.fromEntries(settings),
    ...(notes.length > 0 && { [apartKey]: Object.fromEntries(notes) }),
  });
}

const labelsOf = ({ states }: Comparison, here: number, there: number): [string, string] => [
  states[here]?.label ?? '',
  states[there]?.label ?? '',
];

/** How many settings differ, and what wasn't compared, as sentences. */
export function comparisonSummary(comparison: Comparison): string {
  const names = comparison.states.map(({ label }) => label);
  const unread = comparison.states.filter(({ settings }) => !settings);
  const count = differingRows(comparison).length;
  const [only] = unread;
  const found =
    names.length - unread.length < 2
      ? 'Nothing was compared.'
      : count === 0
        ? `No differences between ${list(names.filter((name) => unread.every(({ label }) => label !== name)))}.`
        : `${count === 1 ? '1 setting differs' : `${count} settings differ`} between ${list(names)}.`;
  const apart = apartText(comparison.rows);
  return [
    found,
    only ? `Couldn't read ${list(unread.map(({ label }) => label))}.` : '',
    apart === '' ? '' : `Not compared: ${apart}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What wasn't compared, by reason: `1 secret, 2 meant to differ`. */
function apartText(rows: readonly Row[]): string {
  const cells = (row: Row): readonly Cell[] => row.cells;
  const masked = rows.filter((row) => row.kind !== 'unmanaged' && cells(row).some(isMasked)).length;
  const bound = rows.filter((row) => row.kind !== 'unmanaged' && cells(row).some(isBound)).length;
  const unmanaged = rows.filter(({ kind }) => kind === 'unmanaged').length;
  return [
    bound > 0 ? `${bound} that point to objects in one environment` : '',
    masked > 0 ? `${masked} that contain secrets` : '',
    unmanaged > 0 ? `${unmanaged} meant to differ` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

const isMasked = (cell: Cell): boolean => cell.is === 'value' && cell.masked.length > 0;
const isBound = (cell: Cell): boolean => cell.is === 'value' && cell.bound.length > 0;

/** A value of a comparison as a line of text. */
export function cellText(cell: Cell | undefined): string {
  switch (cell?.is) {
    case 'value':
      return [
        ...(isEmptied(cell) ? [] : [JSON.stringify(cell.value)]),
        ...cell.bound.map(({ pointsTo }) => `(points to ${withArticle(pointsTo)})`),
      ].join(' ');
    case 'unreadable':
      return '(unreadable)';
    case 'unmanaged':
      return '(unmanaged)';
    default:
      return '(none)';
  }
}

/** Whether nothing is left of a value, because all of it points to objects of its environment. */
const isEmptied = (cell: Extract<Cell, { is: 'value' }>): boolean =>
  cell.bound.length > 0 && (cell.value === null || (Array.isArray(cell.value) && cell.value.length === 0));

/** A comparison as a Markdown table: a row per setting, a column per state. */
export function asMarkdown({ states }: Comparison, rows: readonly Row[]): string {
  const cell = (text: string): string =>
    text.replaceAll(/[\\|`*_<>[\]]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ');
  const code = (text: string): string => {
    // A code span can contain anything but its own number of backticks. Pipes must be escaped in a table.
    const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
    const fence = '`'.repeat(longest + 1);
    const pad = longest > 0 ? ' ' : '';
    return `${fence}${pad}${text.replaceAll('|', String.raw`\|`)}${pad}${fence}`;
  };
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const labels = states.map(({ label }) => cell(label));
  return [
    line(['Setting', ...labels, 'Difference']),
    line(['---', ...labels.map(() => '---'), '---']),
    ...rows.map((row) =>
      line([
        `${cell(row.title)} ${code(row.key)}`,
        ...row.cells.map((one) => (one.is === 'value' ? code(cellText(one)) : cell(cellText(one)))),
        cell(
          rowText(
            row,
            states.map(({ label }) => label),
          ),
        ),
      ]),
    ),
  ].join('');
}

/** A value for a file that spreadsheets open: they treat values that start like this as formulas. */
export const notFormula = (text: string): string =>
  /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;

/** A comparison as CSV (RFC 4180). */
export function asCsv({ states }: Comparison, rows: readonly Row[]): string {
  const field = (text: string): string => {
    const safe = notFormula(text);
    return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const labels = states.map(({ label }) => label);
  return [
    ['key', 'title', ...labels, 'difference'],
    ...rows.map((row) => [row.key, row.title, ...row.cells.map(cellText), row.kind]),
  ]
    .map((line) => `${line.map(field).join(',')}\r\n`)
    .join('');
}

/** A comparison as JSON, for tools. */
export function asJson(comparison: Comparison, rows: readonly Row[]): string {
  const values = (cell: Cell): JsonValue => {
    switch (cell.is) {
      case 'value':
        return {
          value: cell.value,
          ...(cell.masked.length > 0 && { masked: cell.masked.map((path) => [...path]) }),
          ...(cell.bound.length > 0 && {
            notCompared: cell.bound.map(({ path, pointsTo }) => ({ path: [...path], pointsTo })),
          }),
        };
      case 'unreadable':
        return { unreadable: cell.why };
      default:
        return { [cell.is]: true };
    }
  };
  const { states } = comparison;
  return `${JSON.stringify(
    {
      formatVersion: 1,
      environments: states.map(({ label, settings, why }) => ({
        name: label,
        ...(!settings && { unreadable: why ?? '' }),
      })),
      settings: rows.map(({ key, title, group, cells, kind, spread }) => ({
        ...{ key, title, group, difference: kind, odd: [...spread.odd] },
        values: cells.map(values),
      })),
      ...(states.length === 2 && { differences: differences(comparison).map(differenceJson) }),
    },
    null,
    2,
  )}\n`;
}

const differenceJson = ({ path, kind, here, there, pointsTo }: Difference): Record<string, unknown> => ({
  path: [...path],
  kind,
  ...(here !== undefined && { here }),
  ...(there !== undefined && { there }),
  ...(pointsTo !== undefined && { pointsTo }),
});

/** How a setting differs, in words. */
export function rowText({ kind, spread, cells, key }: Row, labels: readonly string[]): string {
  if (kind === 'equal') {
    return 'Equal';
  }
  if (kind === 'changed' && cells.length > 2) {
    const { odd, distinct } = spread;
    return odd.length > 0
      ? `Differs in ${list(odd.map((index) => labels[index] ?? ''))}`
      : distinct === cells.length
        ? 'All differ'
        : `${distinct} different values`;
  }
  if (kind === 'onlyHere' || kind === 'onlyThere') {
    return `Only in ${list(labels.filter((_, index) => cells[index]?.is === 'value'))}`;
  }
  const bound = cells.flatMap((cell) => (cell.is === 'value' ? cell.bound : []));
  const field = settingsField(key);
  return kind === 'unmanaged' && !field?.meantToDiffer && !field?.staysBehind
    ? 'Excluded in your settings'
    : kindText({ kind, pointsTo: bound[0]?.pointsTo }, labels[0] ?? '', labels[1] ?? '');
}
