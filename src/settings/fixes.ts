import { removeFix, renameFix, setFix, undoFix } from '../json/fixes';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue } from '../json/json';
import type { DocumentProblem, JsonPath, ProblemFix } from '../json/parse';
import { valueAt } from '../json/valueAt';
import { settingsField, settingsFields, type SettingsField } from './catalogue';
import { nearest } from './nearest';
import type { FieldRule } from './rules';
import { ruleBelow, type RuleSpot } from './ruleBelow';
import { timezones } from './timezones';

/** Lists up to this length are offered completely. */
const fewValues = 8;
/** How many values of a longer list are offered. */
const nearValues = 3;
/** Beyond this, the problems share one cause, and no one fixes them one by one. */
export const mostFixed = 200;

/** What the fixes for a document are based on. */
interface FixContext {
  readonly mine: JsonObject;
  readonly base: JsonObject;
}

/** Adds ways to fix them to problems. */
export function withFixes(
  problems: readonly DocumentProblem[],
  fixesOf: (problem: DocumentProblem) => readonly ProblemFix[],
): DocumentProblem[] {
  return problems.map((problem, index) => {
    const fixes = index < mostFixed && !problem.fixes ? fixesOf(problem) : [];
    return fixes.length > 0 ? { ...problem, fixes } : problem;
  });
}

/** Ways to fix a problem in a settings document, the most likely first. */
export function settingsFixes(
  { path, code }: Pick<DocumentProblem, 'path' | 'code'>,
  context: FixContext,
): readonly ProblemFix[] {
  const { mine, base } = context;
  const field = settingsField(String(path[0] ?? ''));
  const undo = only(undoFix(path, mine, base));
  switch (code) {
    case 'unknown-key':
      return [
        ...meantBy(path, mine).map((name) => renameFix(path, name)),
        ...unique([removeFix(path), ...(path.length === 1 ? [] : undo)]),
      ];
    case 'readonly':
    case 'secret':
    case 'refused':
      return field?.access === 'writable'
        ? undo
        : unique([{ ...removeFix(path), isPreferred: true }, ...undo]);
    case 'not-in-response':
    case 'removed':
    case 'not-on-creation': {
      const { renamedTo } = field ?? {};
      const renamed =
        renamedTo === undefined || Object.hasOwn(mine, renamedTo) ? [] : [renameFix(path, renamedTo)];
      return [...renamed, removeFix(path)];
    }
    case 'merged-removal':
      return [...(takesNull(field, path) ? [setFix(path, null)] : []), ...undo];
    case 'missing-key':
      return restored(context);
    default:
      return [...allowed(field, path, mine), ...undo];
  }
}

const only = (fix: ProblemFix | undefined): readonly ProblemFix[] => (fix ? [fix] : []);

const unique = (fixes: readonly ProblemFix[]): readonly ProblemFix[] =>
  fixes.filter(({ title }, index) => fixes.findIndex((one) => one.title === title) === index);

/** Keys that an unknown key may be a misspelling of, the nearest first. */
export function meantBy(path: JsonPath, mine: JsonObject): readonly string[] {
  const key = String(path.at(-1));
  const owner = valueAt(mine, path.slice(0, -1));
  const free = (name: string): boolean => !isJsonObject(owner) || !Object.hasOwn(owner, name);
  const rule = path.length === 1 ? undefined : ruleAt(path.slice(0, -1), mine)?.rule;
  const known =
    path.length === 1
      ? settingsFields
          .filter(({ access, removedIn }) => access === 'writable' && removedIn === undefined)
          .map((field) => field.key)
      : Object.keys(rule?.type === 'object' ? (rule.keys ?? {}) : {});
  const names = (candidate: string): readonly string[] => {
    const field = path.length === 1 ? settingsField(candidate) : undefined;
    return field ? [field.title, ...(field.synonyms ?? [])] : [];
  };
  return nearest(key, known.filter(free), nearValues, names);
}

/** The allowed values closest to one that isn't allowed. */
function allowed(field: SettingsField | undefined, path: JsonPath, mine: JsonObject): readonly ProblemFix[] {
  const at = field && ruleAt(path, mine);
  const value = valueAt(mine, path);
  if (!at || value === undefined) {
    return [];
  }
  const near = chosen(at.rule, value).filter((one) => !jsonEquals(one, value));
  return [
    ...near.map((one, index): ProblemFix => ({
      ...setFix(path, one),
      ...(index === 0 && sameWord(one, value) ? { isPreferred: true } : {}),
    })),
    ...(value !== null && at.takesNull && at.rule.type !== 'any' ? [setFix(path, null)] : []),
  ];
}

/** The allowed values at a place, if there are too many to offer a fix for each. */
export function longListAt(path: JsonPath, mine: JsonObject): readonly JsonValue[] | undefined {
  const rule = ruleAt(path, mine)?.rule;
  const values =
    rule?.type === 'timezone'
      ? timezones
      : rule?.type === 'string' || rule?.type === 'integer'
        ? (rule.values ?? [])
        : [];
  return values.length > fewValues ? values : undefined;
}

/** `"true"` is true, `"1"` is 1, and `eur` is `EUR`. */
const sameWord = (left: JsonValue, right: JsonValue): boolean => wordOf(left) === wordOf(right);
const wordOf = (value: JsonValue): string =>
  typeof value === 'object' ? '' : String(value).trim().toLowerCase();

function chosen(rule: FieldRule, value: JsonValue): readonly JsonValue[] {
  switch (rule.type) {
    case 'boolean':
      return sorted([true, false], value);
    case 'integer':
      return rule.values
        ? sorted(rule.values, value)
        : typeof value === 'string' && /^\s*-?\d+\s*$/.test(value)
          ? [Number(value)]
          : clamped(rule, value);
    case 'decimal':
      return clamped(rule, value);
    case 'string':
      return rule.values ? words(rule.values, value) : [];
    case 'timezone':
      return words(timezones, value);
    case 'array':
      return value === null ? [[]] : [];
    default:
      return [];
  }
}

/** The limit that a number exceeds. */
function clamped(
  { min, max }: { readonly min?: number; readonly max?: number },
  value: JsonValue,
): JsonValue[] {
  if (typeof value !== 'number') {
    return [];
  }
  return [
    ...(max !== undefined && value > max ? [max] : []),
    ...(min !== undefined && value < min ? [min] : []),
  ];
}

/** A value that differs only in its type or case comes first. */
const sorted = (values: readonly (number | boolean)[], value: JsonValue): readonly JsonValue[] =>
  values.length > fewValues
    ? values.filter((one) => sameWord(one, value))
    : [...values].sort((left, right) => Number(sameWord(right, value)) - Number(sameWord(left, value)));

function words(values: readonly string[], value: JsonValue): readonly JsonValue[] {
  const near = typeof value === 'string' ? nearest(value, values, nearValues) : [];
  return values.length > fewValues ? near : [...near, ...values.filter((one) => !near.includes(one))];
}

/** Restores settings that aren't in the document. */
function restored({ mine, base }: FixContext): readonly ProblemFix[] {
  const missing = Object.keys(base).filter(
    (key) => settingsField(key)?.access === 'writable' && !Object.hasOwn(mine, key),
  );
  return missing.length === 0
    ? []
    : [
        {
          title:
            missing.length === 1 ? `Restore "${String(missing[0])}"` : `Restore ${missing.length} settings`,
          steps: missing.map((key) => ({ kind: 'set', path: [key], value: base[key] ?? null })),
        },
      ];
}

const takesNull = (field: SettingsField | undefined, path: JsonPath): boolean =>
  field !== undefined && ruleAt(path, {})?.takesNull === true;

/** The rule of a value, and whether it may be null. */
function ruleAt(path: JsonPath, mine: JsonObject): RuleSpot | undefined {
  const [first, ...rest] = path;
  const field = settingsField(String(first ?? ''));
  let spot: RuleSpot | undefined = field && { rule: field.rule, takesNull: field.nullable };
  for (const [depth, key] of rest.entries()) {
    const isArray = Array.isArray(valueAt(mine, path.slice(0, depth + 1)));
    spot = spot && ruleBelow(spot.rule, key, isArray ? 'array' : 'object');
  }
  return spot;
}
