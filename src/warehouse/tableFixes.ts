import { removeFix, renameFix, setFix, undoFix } from '../json/fixes';
import { objectOf, own, type JsonObject } from '../json/json';
import type { DocumentProblem, JsonPath, ProblemFix } from '../json/parse';
import { mostFixed } from '../settings/fixes';
import { nearest } from '../settings/nearest';

/** What the fixes for a table document are based on. */
interface TableFixContext {
  readonly mine: JsonObject;
  readonly base: JsonObject;
  readonly formats: readonly string[];
  readonly types: readonly string[];
}

/** Ways to fix a problem in a table document, the most likely first. */
export function tableFixes(
  { path, code }: Pick<DocumentProblem, 'path' | 'code'>,
  { mine, base, formats, types }: TableFixContext,
): readonly ProblemFix[] {
  const change = undoFix(path, mine, base);
  const undo = change ? [change] : [];
  switch (code) {
    case 'unknown-key':
    case 'unknown-column':
      return [...meantInTable(path, mine, base).map((name) => renameFix(path, name)), removeFix(path)];
    case 'deleted':
    case 'credential':
    case 'not-in-response':
      return Object.hasOwn(base, String(path[0])) && path.length === 1 ? undo : [removeFix(path)];
    case 'removed-option':
      return own(objectOf(base.options), String(path[1])) === true ? [setFix(path, false), ...undo] : undo;
    case 'enum':
      return [...ordered(formats, own(mine, String(path[0]))).map((one) => setFix(path, one)), ...undo];
    case 'column-type':
    case 'doubtful-type':
    case 'unreadable-column': {
      const type = own(objectOf(mine.columns), String(path[1]));
      const offered = code === 'column-type' ? ordered(types, type) : ['string'];
      return [...offered.filter((one) => one !== type).map((one) => setFix(path, one)), ...undo];
    }
    case 'missing-key': {
      const missing = Object.keys(base).filter((key) => !Object.hasOwn(mine, key));
      return [
        {
          title: missing.length === 1 ? `Restore "${String(missing[0])}"` : `Restore ${missing.length} keys`,
          steps: missing.map((key) => ({ kind: 'set', path: [key], value: base[key] ?? null })),
        },
      ];
    }
    default:
      return undo;
  }
}

/** Missing keys that an unknown key may be a misspelling of, the nearest first: of the table, its options, or columns. */
export function meantInTable(path: JsonPath, mine: JsonObject, base: JsonObject): readonly string[] {
  const owner = (document: JsonObject): JsonObject =>
    path.length === 1 ? document : objectOf(own(document, String(path[0])));
  const missing = Object.keys(owner(base)).filter((key) => !Object.hasOwn(owner(mine), key));
  // If more are missing, they share one cause.
  return missing.length > mostFixed ? [] : nearest(String(path.at(-1)), missing, 1);
}

/** The allowed values, the likely misspelled one first. */
function ordered(values: readonly string[], value: unknown): readonly string[] {
  const near = typeof value === 'string' ? nearest(value, values, 1) : [];
  return [...near, ...values.filter((one) => !near.includes(one))];
}
