import { jsonEquals, objectOf, own, type JsonObject, type JsonValue } from '../../json/json';
import type { Conflict } from '../../json/merge/merge';
import { keysOf, pathText, samePath, type MergePath } from '../../json/merge/path';
import type { FixStep } from '../../json/parse';
import { maskSecretsAt } from '../../settings/document';
import { briefValue } from '../../settings/walk';
import { sideText } from '../changeText';
import {
  isDecided,
  mergeDocument,
  resolve,
  valueAt,
  wantedOf,
  withValue,
  type Decided,
  type Unmerged,
} from './mergeDocument';

/** The longest value that a lens shows in full. */
const briefLength = 40;

/** A save that stopped because of conflicts, and how the user has resolved them since. */
export interface Unresolved {
  readonly unmerged: Unmerged;
  readonly decided: readonly Decided[];
}

/** The conflicts of a document's current text. */
export interface ConflictsNow {
  /** Unresolved conflicts. */
  readonly open: readonly Conflict[];
  /** Conflicts that were resolved with mine, by a command or by typing another value. */
  readonly decided: readonly Decided[];
}

/**
 * What is left of a save's conflicts after the document has changed. Typing a different value resolves a conflict. If
 * the value is the base's or theirs again, there is no conflict.
 */
export function conflictsNow({ unmerged, decided }: Unresolved, mine: JsonObject): ConflictsNow {
  const { kind, versions } = unmerged;
  const { conflicts } = mergeDocument(kind, { ...versions, mine: wantedOf(versions.base, mine) });
  const isAnswered = (one: Conflict): boolean =>
    isDecided(one, decided) ||
    unmerged.conflicts.some(
      (before) => samePath(before.path, one.path) && !jsonEquals(before.mine, one.mine),
    );
  return {
    open: conflicts.filter((one) => !isAnswered(one)),
    decided: conflicts.filter(isAnswered).map(({ path, theirs }) => ({ path, theirs })),
  };
}

/** The steps that replace my values with theirs. */
export function stepsToTheirs(
  { kind, versions }: Unmerged,
  mine: JsonObject,
  conflicts: readonly Conflict[],
): readonly FixStep[] {
  const wanted = { ...versions, mine: wantedOf(versions.base, mine) };
  const { merged } = resolve(
    { kind, versions: wanted, conflicts },
    conflicts.map(({ path }) => ({ path, use: 'theirs' })),
  );
  const places = new Map(
    conflicts.map(({ path }) => {
      // An item's position depends on the others, so the whole merged array is used.
      const place = keysOf(path);
      return [JSON.stringify(place), place];
    }),
  );
  return [...places.values()].map((path): FixStep => {
    const value = path.reduce<JsonValue | undefined>((at, key) => own(objectOf(at), key), merged);
    return value === undefined ? { kind: 'remove', path } : { kind: 'set', path, value };
  });
}

/** A merge that was done by hand. */
export interface HandMerge {
  /** The steps that restore mine where neither side was chosen. */
  readonly steps: readonly FixStep[];
  /** What the result is based on: theirs, where one was chosen. */
  readonly base: JsonObject;
  /** What is left to resolve; `undefined` if both sides are in the result. */
  readonly unmerged: Unmerged | undefined;
}

/**
 * What the result of a merge editor has left open. VS Code can complete a merge in which both sides changed a value and
 * neither was chosen: the result then has the value from before, which would replace theirs.
 *
 * @param mine the document that was merged
 */
export function handMerge(
  { kind, versions: { base, theirs } }: Unmerged,
  mine: JsonObject,
  result: JsonObject,
): HandMerge {
  const [wanted, chosen] = [wantedOf(base, mine), wantedOf(base, result)];
  const { taken, merged } = mergeDocument(kind, { base, mine: chosen, theirs });
  const differs = (path: readonly string[], one: JsonObject, other: JsonObject): boolean =>
    !jsonEquals(valueAt(one, path), valueAt(other, path));
  const left = taken
    .map(keysOf)
    .filter(
      (path) => differs(path, wanted, base) && differs(path, wanted, chosen) && differs(path, chosen, merged),
    );
  const places = [...new Map(left.map((path) => [JSON.stringify(path), path])).values()];
  const withPlaces = (start: JsonObject, from: JsonObject): JsonObject =>
    places.reduce((all, path) => withValue(all, path, valueAt(from, path)), start);
  const versions = { base: withPlaces(theirs, base), mine: withPlaces(chosen, wanted), theirs };
  return {
    steps: places.map((path): FixStep => {
      const value = valueAt(wanted, path);
      return value === undefined ? { kind: 'remove', path } : { kind: 'set', path, value };
    }),
    base: versions.base,
    unmerged:
      places.length === 0
        ? undefined
        : { kind, versions, conflicts: mergeDocument(kind, versions).conflicts },
  };
}

/**
 * PostHog's value where the conflict is, in a few words. Secrets are dots.
 *
 * @param by who changed it, and when
 */
export const theirsText = (conflict: Conflict, by?: string): string => theirsAs(conflict, by, brieflyAt);

/** A conflict as sentences, for its marker. */
export function conflictText(conflict: Conflict, by?: string): string {
  const { path, base } = conflict;
  const before = base === undefined ? 'nothing' : shortlyAt(path, base);
  return `Conflict in ${pathText(path)}: ${theirsAs(conflict, by, shortlyAt)}, but had ${before} when you opened this document. Use mine, use theirs, or type another value.`;
}

type ValueAt = (path: MergePath, value: JsonValue) => string;

function theirsAs({ path, theirs }: Conflict, by: string | undefined, valueAt: ValueAt): string {
  return theirs === undefined
    ? `PostHog no longer has this${by === undefined ? '' : `, removed by ${by}`}`
    : `PostHog has ${valueAt(path, theirs)}${by === undefined ? '' : `, set by ${by}`}`;
}

const namesIn = (path: MergePath): string[] =>
  path.flatMap((step) => (typeof step === 'string' ? [step] : []));

/** As much of a value as fits in a lens: the number of its items or keys if it's longer. */
function brieflyAt(path: MergePath, value: JsonValue): string {
  const masked = maskSecretsAt(namesIn(path), value);
  const text = JSON.stringify(masked);
  return text.length <= briefLength ? text : briefValue(masked);
}

/** Enough of a value to distinguish it from another one of the same size. */
const shortlyAt: ValueAt = (path, value) => sideText(namesIn(path), value);
