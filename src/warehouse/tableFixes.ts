import { removeFix, setFix, undoFix } from '../json/fixes';
import { objectOf, own, type JsonObject } from '../json/json';
import type { DocumentProblem, ProblemFix } from '../json/parse';
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
    case 'deleted':
    case 'credential':
    case 'unknown-key':
    case 'unknown-column':
    case 'not-in-response':
      return Object.hasOwn(base, String(path[0])) && path.length === 1 ? undo : [removeFix(path)];
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

/** The allowed values, the likely misspelled one first. */
function ordered(values: readonly string[], value: unknown): readonly string[] {
  const near = typeof value === 'string' ? nearest(value, values, 1) : [];
  return [...near, ...values.filter((one) => !near.includes(one))];
}
