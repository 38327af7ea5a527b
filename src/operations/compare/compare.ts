import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from '../../json/json';
import type { JsonPath } from '../../json/parse';
import { pathName } from '../../json/pathName';
import { settingsFields, type SettingsField, type SettingsGroupId } from '../../settings/catalogue';
import { maskSecretsAt } from '../../settings/document';
import { normalForm } from '../../settings/normalForm';
import { portablePart, type Bound } from '../../settings/portable';
import { isDifferent, type Difference, type DifferenceKind } from './difference';

/** A state to compare: an environment's actual or intended settings. */
export interface State {
  /** A name that distinguishes it from the others. */
  readonly label: string;
  /** The settings document; absent if it couldn't be read. */
  readonly settings?: JsonObject | undefined;
  /** Why it couldn't be read: sentences. */
  readonly why?: string | undefined;
  /** The failure itself. */
  readonly cause?: unknown;
  /** It only has some settings, and says nothing about the others. */
  readonly isPartial?: boolean;
}

/** The value of a setting in one state. */
export type Cell =
  | {
      readonly is: 'value';
      /** In its normal form, with dots for secrets, without references to objects of the environment. */
      readonly value: JsonValue;
      readonly bound: readonly Bound[];
      /** Where secrets are. */
      readonly masked: readonly JsonPath[];
    }
  | { readonly is: 'absent' }
  | { readonly is: 'unmanaged' }
  | { readonly is: 'unreadable'; readonly why: string };

/** A setting in all states. */
export interface Row {
  readonly key: string;
  readonly title: string;
  readonly group: SettingsGroupId;
  /** In the order of the states. */
  readonly cells: readonly Cell[];
  readonly kind: DifferenceKind | 'equal';
  readonly spread: Spread;
}

/** How the values of a setting are distributed across the states that have been read. */
interface Spread {
  /** The states whose value isn't the most common one; none if several values are equally common. */
  readonly odd: readonly number[];
  /** The number of distinct values. */
  readonly distinct: number;
  /** How many states don't have the most common value, or one of the most common ones. */
  readonly differing: number;
}

/** Settings in several states, in catalogue order. */
export interface Comparison {
  readonly states: readonly State[];
  readonly rows: readonly Row[];
}

/** What to leave out of comparisons on purpose. */
export interface CompareOptions {
  /** Keys or paths such as `session_replay_config.record_canvas`. */
  readonly ignore?: readonly string[];
}

/** Compares settings in any number of states. */
export function compareStates(states: readonly State[], { ignore = [] }: CompareOptions = {}): Comparison {
  const rows = settingsFields.flatMap((field): Row[] => {
    const { key, title, group, access } = field;
    const isKnown = states.some(({ settings }) => settings && own(settings, key) !== undefined);
    if (access !== 'writable' || !isKnown) {
      return [];
    }
    const ignored = ignore
      .filter((path) => path.startsWith(`${key}.`))
      .map((path) => path.split('.').slice(1));
    const cells = comparable(states.map((state) => cellOf(field, state, ignored)));
    const isUnmanaged = field.meantToDiffer ?? field.staysBehind ?? ignore.includes(key);
    const kind = isUnmanaged ? 'unmanaged' : kindOf(cells);
    return [{ key, title, group, cells, kind, spread: spreadOf(cells) }];
  });
  return { states, rows };
}

/** The rows in which values differ. */
export const differingRows = ({ rows }: Comparison): readonly Row[] =>
  rows.filter(({ kind }) => isDifferent(kind));

function cellOf(
  field: SettingsField,
  { settings, why = '', isPartial = false }: State,
  ignored: readonly string[][],
): Cell {
  if (!settings) {
    return { is: 'unreadable', why };
  }
  const value = own(settings, field.key);
  if (value === undefined) {
    return { is: isPartial ? 'unmanaged' : 'absent' };
  }
  const bound: Bound[] = [];
  const portable = portablePart(field.rule, value, [field.key], bound);
  const normal = without(portable === undefined ? null : normalForm(field.rule, portable), ignored);
  const shown = maskSecretsAt([field.key], normal);
  return { is: 'value', value: shown, bound, masked: changedPlaces(normal, shown, [field.key]) };
}

/**
 * Values without anything that points to an object of its environment in any of them: such references can't be
 * compared.
 */
function comparable(cells: readonly Cell[]): readonly Cell[] {
  const bound = cells.flatMap((cell) => (cell.is === 'value' ? cell.bound : []));
  const places = bound
    .map(({ path }) => path)
    .filter((path) => path.every((part) => typeof part === 'string'));
  return places.reduce<readonly Cell[]>((result, [, ...below]) => withoutPlace(result, below), cells);
}

function withoutPlace(cells: readonly Cell[], path: readonly (string | number)[]): readonly Cell[] {
  const keys = path.map(String);
  const left = cells.map((cell) =>
    cell.is === 'value' ? { ...cell, value: keys.length === 0 ? null : without(cell.value, [keys]) } : cell,
  );
  const parent = keys.slice(0, -1);
  const isEmptied = left.every((cell) => {
    const value = cell.is === 'value' ? at(cell.value, parent) : undefined;
    return value === undefined || (isJsonObject(value) && Object.keys(value).length === 0);
  });
  return parent.length > 0 && isEmptied ? withoutPlace(left, parent) : left;
}

const at = (value: JsonValue, path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((part, key) => (isJsonObject(part) ? own(part, key) : undefined), value);

function without(value: JsonValue, paths: readonly string[][]): JsonValue {
  if (paths.length === 0 || !isJsonObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]): [string, JsonValue][] => {
      const below = paths.filter(([first]) => first === key).map((path) => path.slice(1));
      return item === undefined || below.some(({ length }) => length === 0)
        ? []
        : [[key, without(item, below)]];
    }),
  );
}

/** Where two versions of a value of the same shape differ. */
function changedPlaces(left: JsonValue, right: JsonValue, path: JsonPath): readonly JsonPath[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.flatMap((item, index) => changedPlaces(item, right[index] ?? null, [...path, index]));
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    return Object.entries(left).flatMap(([key, item]) =>
      changedPlaces(item ?? null, own(right, key) ?? null, [...path, key]),
    );
  }
  return jsonEquals(left, right) ? [] : [path];
}

/** From most to least important. */
const weights = [
  'changed',
  'onlyHere',
  'onlyThere',
  'masked',
  'notCompared',
  'unreadable',
  'unmanaged',
] as const satisfies readonly DifferenceKind[];

function kindOf(cells: readonly Cell[]): Row['kind'] {
  const known = cells.filter(({ is }) => is === 'value' || is === 'absent');
  const others = cells.filter((cell) => !known.includes(cell));
  // Two that differ from the first may also differ from each other, but then all of them differ.
  const kinds = [...known.slice(1), ...others].map((cell) => kindBetween(known[0] ?? cell, cell));
  return weights.find((kind) => kinds.includes(kind)) ?? 'equal';
}

/** How a value compares to another one. */
function kindBetween(here: Cell, there: Cell): DifferenceKind | 'equal' {
  if (here.is === 'unreadable' || there.is === 'unreadable') {
    return 'unreadable';
  }
  if (here.is === 'unmanaged' || there.is === 'unmanaged') {
    return 'unmanaged';
  }
  if (here.is === 'absent' || there.is === 'absent') {
    return here.is === there.is ? 'equal' : there.is === 'absent' ? 'onlyHere' : 'onlyThere';
  }
  if (!jsonEquals(here.value, there.value)) {
    return 'changed';
  }
  return here.masked.length > 0 || there.masked.length > 0
    ? 'masked'
    : here.bound.length > 0 || there.bound.length > 0
      ? 'notCompared'
      : 'equal';
}

function spreadOf(cells: readonly Cell[]): Spread {
  const groups: number[][] = [];
  for (const [index, cell] of cells.entries()) {
    if (cell.is !== 'value' && cell.is !== 'absent') {
      continue;
    }
    const alike = groups.find(([first]) => {
      const other = first === undefined ? undefined : cells[first];
      return other && !isDifferent(kindBetween(other, cell));
    });
    if (alike) {
      alike.push(index);
    } else {
      groups.push([index]);
    }
  }
  const most = Math.max(0, ...groups.map(({ length }) => length));
  const common = groups.filter(({ length }) => length === most);
  const others = groups.filter(({ length }) => length < most).flat();
  return {
    odd: common.length > 1 ? [] : others.sort((left, right) => left - right),
    distinct: groups.length,
    differing: groups.flat().length - most,
  };
}

/**
 * Every place in which two states aren't known to be equal, in catalogue order.
 *
 * @param here the positions of the two states
 */
export function differences({ rows }: Comparison, here = 0, there = 1): readonly Difference[] {
  return rows.flatMap((row) => {
    const [mine, theirs] = [row.cells[here], row.cells[there]];
    if (!mine || !theirs) {
      return [];
    }
    const path = [row.key];
    if (row.kind === 'unmanaged') {
      return kindBetween(mine, theirs) === 'equal' ? [] : [{ path, kind: 'unmanaged' } as const];
    }
    const values = valuesBetween(path, mine, theirs);
    const named = new Set(values.map((one) => pathName(one.path)));
    return [...values, ...apart(mine, theirs).filter((one) => !named.has(pathName(one.path)))];
  });
}

function valuesBetween(path: JsonPath, mine: Cell, theirs: Cell): readonly Difference[] {
  if (mine.is === 'value' && theirs.is === 'value') {
    return below(path, mine.value, theirs.value);
  }
  const kind = kindBetween(mine, theirs);
  return kind === 'equal' ? [] : [{ path, kind, here: shownIn(mine), there: shownIn(theirs) }];
}

const shownIn = (cell: Cell): JsonValue | undefined => (cell.is === 'value' ? cell.value : undefined);

function below(
  path: JsonPath,
  here: JsonValue | undefined,
  there: JsonValue | undefined,
): readonly Difference[] {
  if (jsonEquals(here, there)) {
    return [];
  }
  if (isJsonObject(here) && isJsonObject(there)) {
    const keys = new Set([...Object.keys(here), ...Object.keys(there)]);
    return [...keys].flatMap((key) => below([...path, key], own(here, key), own(there, key)));
  }
  const kind = here === undefined ? 'onlyThere' : there === undefined ? 'onlyHere' : 'changed';
  return [{ path, kind, here, there }];
}

/** The parts of two values that aren't compared: secrets, and references to objects of the environment. */
function apart(mine: Cell, theirs: Cell): readonly Difference[] {
  const found = new Map<string, Difference>();
  for (const cell of [mine, theirs]) {
    if (cell.is === 'value') {
      for (const path of cell.masked) {
        found.set(pathName(path), { path, kind: 'masked' });
      }
      for (const { path, pointsTo } of cell.bound) {
        found.set(pathName(path), { path, kind: 'notCompared', pointsTo });
      }
    }
  }
  return [...found.values()];
}
