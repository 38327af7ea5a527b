import { jsonEquals, isJsonObject, own, type JsonObject, type JsonValue } from '../json/json';
import type { OutlineEntry } from '../json/outline';
import type { TextSpan } from '../json/parse';
import { settingsField, settingsGroups, type SettingsGroup } from './catalogue';
import { groupTexts } from './groupTexts';
import { ruleBelow } from './ruleBelow';
import type { FieldRule } from './rules';
import { inWords } from './units';
import { decimalValue, sameValue } from './values';

/** Adjacent settings of one group. */
export interface GroupSection {
  readonly group: SettingsGroup;
  /** What the group is about. */
  readonly governs: string;
  /** From its first key to the end of its last value. */
  readonly span: TextSpan;
  readonly entries: readonly OutlineEntry[];
}

/** The groups of a settings document, in the document's order. Keys that aren't in the catalogue belong to no group. */
export function groupSections(entries: readonly OutlineEntry[]): readonly GroupSection[] {
  const sections: { group: SettingsGroup; entries: OutlineEntry[] }[] = [];
  let open: (typeof sections)[number] | undefined;
  for (const entry of entries) {
    const field = settingsField(String(entry.path[0]));
    const group =
      field?.access === 'writable' ? settingsGroups.find(({ id }) => id === field.group) : undefined;
    if (!group) {
      open = undefined;
    } else if (open?.group === group) {
      open.entries.push(entry);
    } else {
      open = { group, entries: [entry] };
      sections.push(open);
    }
  }
  return sections.map(({ group, entries: held }) => {
    const start = held[0]?.whole.offset ?? 0;
    const last = held.at(-1)?.whole ?? { offset: start, length: 0 };
    return {
      group,
      governs: groupTexts[group.id],
      span: { offset: start, length: last.offset + last.length - start },
      entries: held,
    };
  });
}

/** The first and the last line that fold together. */
export interface Fold {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a group folds. VS Code folds only one range per line, and what is expected to fold at an object or an array is
 * that value alone. So a group folds at its first setting that is on one line, as imports do, and those above it fold
 * by themselves.
 *
 * @param lines the lines of the group's settings, in the document's order
 */
export function groupFolds(lines: readonly Fold[]): readonly Fold[] {
  const first = lines.findIndex(({ start, end }) => start === end);
  const above = first < 0 ? lines : lines.slice(0, first);
  const [start, end] = [lines[first]?.start ?? 0, lines.at(-1)?.end ?? 0];
  return first < 0 || end <= start ? above : [...above, { start, end }];
}

/** A named place in a document, for the outline. */
export interface WalkSymbol {
  readonly kind: 'group' | 'setting' | 'key' | 'item';
  readonly name: string;
  readonly detail: string;
  readonly whole: TextSpan;
  /** What is selected when the user goes there. */
  readonly selected: TextSpan;
  readonly children: readonly WalkSymbol[];
}

/**
 * Groups with their settings by title, and keys below them. Keys outside groups are on the same level as the groups.
 */
export function settingsSymbols(entries: readonly OutlineEntry[]): readonly WalkSymbol[] {
  const sections = groupSections(entries);
  const grouped = new Set(sections.flatMap((section) => section.entries));
  return [
    ...sections.map(({ group, governs, span, entries: held }): WalkSymbol => ({
      kind: 'group',
      name: group.title,
      detail: governs,
      whole: span,
      selected: held[0]?.name ?? span,
      children: held.map(settingSymbol),
    })),
    ...entries.filter((entry) => !grouped.has(entry)).map(settingSymbol),
  ];
}

/** What a settings file contains, with its settings by title. */
export function settingsFileSymbols(entries: readonly OutlineEntry[]): readonly WalkSymbol[] {
  return entries.map((entry) => ({
    ...keySymbol(entry),
    children: holdsSettings(entry) ? entry.children.map(settingSymbol) : settingsFileSymbols(entry.children),
  }));
}

/** The settings in a settings file: those of all environments, and those of each. */
export function settingsInFile(entries: readonly OutlineEntry[]): readonly OutlineEntry[] {
  return entries.flatMap((entry) => (holdsSettings(entry) ? entry.children : settingsInFile(entry.children)));
}

const holdsSettings = ({ path }: OutlineEntry): boolean =>
  path.at(-1) === 'settings' && (path.length === 1 || (path.length === 3 && path[0] === 'environments'));

function settingSymbol(entry: OutlineEntry): WalkSymbol {
  const key = String(entry.path.at(-1));
  const title = settingsField(key)?.title;
  return title === undefined
    ? keySymbol(entry)
    : { ...keySymbol(entry), kind: 'setting', name: title, detail: key };
}

/** A key and everything below it. */
export function keySymbol(entry: OutlineEntry): WalkSymbol {
  const name = entry.path.at(-1);
  return {
    kind: typeof name === 'number' ? 'item' : 'key',
    name: typeof name === 'number' ? itemName(entry) : name === undefined || name === '' ? '""' : name,
    detail: brief(entry),
    whole: entry.whole,
    selected: entry.name,
    children: entry.children.map(keySymbol),
  };
}

/** The keys that identify items. `path` is that of a proposed change. */
const identities = ['name', 'alias', 'key', 'url', 'label', 'event', 'id', 'path'];

function itemName({ path, children, literal }: OutlineEntry): string {
  const position = `[${Number(path.at(-1))}]`;
  const known = identities
    .map((key) => children.find(({ path: below }) => below.at(-1) === key))
    .map((entry) => entry?.literal ?? entry?.children.map((part) => part.literal ?? '').join('.'))
    .find((value) => value !== undefined && value !== '');
  const name = literal ?? known;
  return name === undefined || name === '' ? position : `${position} ${cut(String(name))}`;
}

function brief({ kind, literal, children, path }: OutlineEntry): string {
  const count = children.length;
  switch (kind) {
    case 'array':
      return count === 1 ? '1 item' : `${count} items`;
    case 'object':
      return count === 1 ? '1 key' : `${count} keys`;
    default:
      return typeof path.at(-1) === 'number' ? '' : cut(JSON.stringify(literal ?? null));
  }
}

const maxBrief = 40;

const cut = (text: string): string => (text.length > maxBrief ? `${text.slice(0, maxBrief - 1)}…` : text);

/** The meaning of a value, shown after it. */
export interface ValueHint {
  /** The end of the value. */
  readonly offset: number;
  readonly text: string;
}

/**
 * The meaning of numbers that stand for something, and quantities in words.
 *
 * @param entries settings, wherever they are in their document
 */
export function valueHints(entries: readonly OutlineEntry[]): readonly ValueHint[] {
  return entries.flatMap((entry) => {
    const field = settingsField(String(entry.path.at(-1)));
    return field?.access === 'writable' ? hintsBelow(entry, field.rule) : [];
  });
}

function hintsBelow(entry: OutlineEntry, rule: FieldRule): readonly ValueHint[] {
  const { kind, children } = entry;
  if (kind === 'object' || kind === 'array') {
    return children.flatMap((child) => {
      const below = ruleBelow(rule, child.path.at(-1) ?? '', kind);
      return below ? hintsBelow(child, below.rule) : [];
    });
  }
  const text = meaningOf(entry, rule);
  return text === undefined ? [] : [{ offset: entry.value.offset + entry.value.length, text }];
}

function meaningOf({ kind, literal }: OutlineEntry, rule: FieldRule): string | undefined {
  const value = kind === 'null' ? null : literal;
  switch (rule.type) {
    case 'integer':
      if (typeof value !== 'number') {
        return undefined;
      }
      return rule.meanings?.[String(value)] ?? (rule.unit && inWords(value, rule.unit));
    case 'decimal': {
      const number = value === undefined ? undefined : decimalValue(value);
      return number === undefined || rule.unit === undefined ? undefined : inWords(number, rule.unit);
    }
    case 'time':
      return typeof value === 'string' ? 'UTC' : undefined;
    default:
      return undefined;
  }
}

/** A value that differs from the server's. */
export interface ChangedSpot {
  readonly entry: OutlineEntry;
  /** The server's value; `undefined` if there is none. */
  readonly was: JsonValue | undefined;
}

/** What a document changes, as deep as objects go; arrays count as a whole. */
export function changedSpots(
  entries: readonly OutlineEntry[],
  mine: JsonObject,
  base: JsonObject,
): readonly ChangedSpot[] {
  return entries.flatMap((entry) => {
    const key = String(entry.path.at(-1));
    const [was, is] = [own(base, key), own(mine, key)];
    const isSame = entry.path.length === 1 ? sameValue(key, was, is) : jsonEquals(was, is);
    if (is === undefined || isSame) {
      return [];
    }
    if (isJsonObject(was) && isJsonObject(is)) {
      const below = changedSpots(entry.children, is, was);
      // Only keys were removed from it.
      return below.length > 0 ? below : [{ entry, was }];
    }
    return [{ entry, was }];
  });
}

/** A value in a few words, for the end of a line. */
export function briefValue(value: JsonValue): string {
  if (Array.isArray(value)) {
    return value.length === 1 ? '1 item' : value.length === 0 ? '[]' : `${value.length} items`;
  }
  if (isJsonObject(value)) {
    const count = Object.keys(value).length;
    return count === 1 ? '1 key' : count === 0 ? '{}' : `${count} keys`;
  }
  return cut(JSON.stringify(value));
}
