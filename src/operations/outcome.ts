import type { Conflict } from '../json/merge/merge';
import type { Action } from './actions';
import type { Unmerged } from './save/mergeDocument';
import { sentences } from './phrases/sentences';
import type { JsonPath } from '../json/parse';

/**
 * The outcome of a write. Callers switch on `kind`; every surface shows it the same way.
 *
 * Canceling before anything was sent is neither an outcome nor an error: the operation throws `Canceled` of
 * `connections/failures`, which is never shown. After canceling later, PostHog is asked what happened.
 */
export type Outcome<T = undefined> = Applied<T> | Partly<T> | NotApplied<T> | Unknown;

interface Told {
  /** What happened: a sentence. */
  readonly what: string;
  /** Why, as far as known, and what to do: sentences; may be empty. */
  readonly why: string;
  /** What else the user should know. */
  readonly notices: readonly string[];
  /** The settings, columns, or other keys that were written; never their values. */
  readonly changed: readonly string[];
  /** The one thing that helps, if any. */
  readonly action?: Action | undefined;
  /** PostHog was asked and doesn't have the rest yet, but may still be working on it. */
  readonly isOpen?: boolean | undefined;
  /** The underlying failure, for the log. */
  readonly cause?: unknown;
  /** The values it is about, to mark them in the document. */
  readonly spots: readonly Spot[];
  /** Someone else's conflicting changes, if they are why something wasn't applied. */
  readonly conflicts: readonly Conflict[];
  /** The conflicting versions, if nothing was sent because of a conflict: `resolve` takes decisions for them. */
  readonly unmerged?: Unmerged | undefined;
}

/** A value that an outcome is about. */
export interface Spot {
  readonly path: JsonPath;
  readonly message: string;
  /** `refused` by PostHog, or `not-taken` although it reported success. */
  readonly code: 'refused' | 'not-taken';
}

/** PostHog has all of it, and confirmed it. */
export interface Applied<T> extends Told {
  readonly kind: 'applied';
  /** What PostHog has now. */
  readonly result: T;
}

/** PostHog has a part of it. `why` describes the outcome of the rest. */
export interface Partly<T> extends Told {
  readonly kind: 'partly';
  /** What PostHog has now. */
  readonly result: T;
}

/** PostHog has nothing of it. */
export interface NotApplied<T = undefined> extends Told {
  readonly kind: 'notApplied';
  /** What PostHog has, if it was asked after the write. */
  readonly result?: T | undefined;
}

/** Unknown: the write got no usable response, and PostHog couldn't be asked. */
export interface Unknown extends Told {
  readonly kind: 'unknown';
}

type Details = Partial<
  Pick<
    Told,
    'why' | 'notices' | 'changed' | 'action' | 'isOpen' | 'cause' | 'spots' | 'conflicts' | 'unmerged'
  >
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
