import type { Conflict } from '../json/merge/merge';
import type { Action } from './actions';
import type { Unmerged } from './mergeDocument';
import { sentences } from './phrases';
import type { JsonPath } from '../json/parse';

/**
 * What became of a write. Callers switch on `kind`; every surface shows it the same way.
 *
 * Having been canceled before anything was sent is no outcome and no error: an operation then throws `Cancelled` of
 * `connections/failures`, which nobody shows. Canceled later, PostHog is asked what became of it.
 */
export type Outcome<T = undefined> = Applied<T> | Partly<T> | NotApplied<T> | Unknown;

interface Told {
  /** Sentence: what happened. */
  readonly what: string;
  /** Sentences: why, as far as it is known, and what to do; may be empty. */
  readonly why: string;
  /** What else a person should know. */
  readonly notices: readonly string[];
  /** The settings, columns or other keys that were written; never their values. */
  readonly changed: readonly string[];
  /** The one thing that helps, where something does. */
  readonly action?: Action | undefined;
  /** The failure behind it, for the log. */
  readonly cause?: unknown;
  /** The values it is about, for marks where they stand. */
  readonly spots: readonly Spot[];
  /** What somebody else changed to something else, where that is why something was not applied. */
  readonly conflicts: readonly Conflict[];
  /** The versions in conflict, where nothing was sent because of that: what `resolve` takes answers for. */
  readonly unmerged?: Unmerged | undefined;
}

/** A value that an outcome is about. */
export interface Spot {
  readonly path: JsonPath;
  readonly message: string;
  /** `refused` by PostHog, or `not-taken` although it answered success. */
  readonly code: 'refused' | 'not-taken';
}

/** PostHog has all of it, and said so. */
export interface Applied<T> extends Told {
  readonly kind: 'applied';
  /** What PostHog has now. */
  readonly result: T;
}

/** PostHog has a part of it. `why` says of the rest what became of it. */
export interface Partly<T> extends Told {
  readonly kind: 'partly';
  /** What PostHog has now. */
  readonly result: T;
}

/** PostHog has nothing of it. */
export interface NotApplied<T = undefined> extends Told {
  readonly kind: 'notApplied';
  /** What PostHog has, where it was asked after the write. */
  readonly result?: T | undefined;
}

/** Nobody knows: the write had no usable answer, and PostHog could not be asked. */
export interface Unknown extends Told {
  readonly kind: 'unknown';
}

type Details = Partial<
  Pick<Told, 'why' | 'notices' | 'changed' | 'action' | 'cause' | 'spots' | 'conflicts' | 'unmerged'>
>;

const told = <D extends Details>(what: string, details: D): Told & D => ({
  what,
  why: '',
  notices: [],
  changed: [],
  spots: [],
  conflicts: [],
  ...details,
});

export const applied = <T>(what: string, result: T, details: Details = {}): Applied<T> => ({
  kind: 'applied',
  result,
  ...told(what, details),
});

export const partly = <T>(what: string, result: T, details: Details = {}): Partly<T> => ({
  kind: 'partly',
  result,
  ...told(what, details),
});

export const notApplied = <T = undefined>(
  what: string,
  details: Details & { result?: T | undefined } = {},
): NotApplied<T> => ({
  kind: 'notApplied',
  ...told(what, details),
});

export const unknown = (what: string, details: Details = {}): Unknown => ({
  kind: 'unknown',
  ...told(what, details),
});

/** The sentences of an outcome, as one text. */
export function outcomeText({ what, why, notices }: Outcome<unknown>): string {
  return sentences(what, why, ...notices);
}
