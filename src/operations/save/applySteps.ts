import { isStop, type Stop } from '../../posthog/errors';
import type { ValueOutcome } from '../../settings/answer';
import { withoutText, type DocumentProblem, type ValidDocument } from '../../json/parse';
import { jsonEquals, type JsonObject, type JsonValue, objectOf, own } from '../../json/json';
import { actionFor } from '../actions';
import type { EnvironmentRef } from '../../posthog/models';
import type { Generation } from '../../settings/catalogue';
import type { Change } from '../changes';
import type { ColumnUpdates } from '../../warehouse/table';
import type { Consented } from '../review/consent';
import type { Documents } from '../../json/merge/merge';
import { pathText } from '../../json/merge/path';
import { mergeDecided, type Decided, type DocumentKind, type Unmerged } from './mergeDocument';
import { notApplied, partly, type NotApplied, type Outcome, type Partly } from '../outcome';
import { nothingSent } from '../../posthog/outcomePhrases';
import {
  changedMeanwhile,
  changedMeanwhileHere,
  changedSinceOpened,
  doesNotHave,
  invalidMerge,
  keptItsOwnHere,
  saveTheRest,
  storedDifferently,
} from '../phrases/saving';
import { sentences } from '../phrases/sentences';
import { confirmedAfterAll, didApply, keptItsOwn, mayBeOverridden } from '../phrases/writes';
import { named, pathName, refusedPaths, type Sent } from './refusedPlaces';
import { throwIfCanceled } from '../write';

/** What will be sent, and what it's based on. */
export type Sending =
  | {
      readonly kind: 'settings';
      readonly environment: EnvironmentRef;
      readonly generation: Generation;
      /** The settings documents before and after. */
      readonly theirs: JsonObject;
      readonly merged: JsonObject;
      /** The environment as the server just returned it. */
      readonly raw: JsonObject;
      readonly body: JsonObject;
    }
  | {
      readonly kind: 'table';
      readonly environment: EnvironmentRef;
      readonly generation: Generation;
      readonly tableId: string;
      /** The table as the server just returned it. */
      readonly raw: JsonObject;
      readonly patch: JsonObject;
      readonly updates: ColumnUpdates;
      /** Whether the server is known to accept column types from keys. */
      readonly takesTypes: boolean | undefined;
    };

/** What a change set is about to send. */
export interface Review {
  readonly changes: readonly Change[];
  /** The environment's name as the server just returned it; tables don't have it. */
  readonly environmentName?: string | undefined;
  /** Warnings about changes that PostHog would accept, as sentences. */
  readonly doubts?: readonly string[];
  /** Absent for a draft, which doesn't exist yet. */
  readonly sending?: Sending;
}

/** The result of asking for confirmation. */
export interface Confirmed {
  /** Whether the user answered a question, which may have taken a while. */
  readonly isAsked: boolean;
  /** What the user consented to. It's compared with what is left to send after the server is read again. */
  readonly consented?: Consented;
  /**
   * What to say after PostHog responded, as sentences.
   *
   * @param answer `undefined` if it refused a value
   */
  noticesOf?(answer: JsonObject | undefined): readonly string[];
}

/**
 * Decides whether to send a change set.
 *
 * @param consented what the user just consented to; not asked again for what that covers
 * @throws to stop; nothing has been sent
 */
export type Confirm = (review: Review, consented?: Consented) => Promise<Confirmed>;

/** What PostHog has after a change set was applied. */
export interface Now<State> {
  /** The document as the server has it. */
  readonly document: JsonObject;
  /** The next base. Only values that the server was seen to have are updated. */
  readonly base: JsonObject;
  /** The user's version, in the server's form. */
  readonly mine: JsonObject;
  /** The outcome of each value that the user changed. */
  readonly values: readonly ValueOutcome[];
  /** Names of someone else's changes that were merged in. */
  readonly taken: readonly string[];
  /** The server's response; absent if nothing was sent. */
  readonly state?: State | undefined;
}

/** What was read before anything was sent, or why nothing will be. */
export type Look<T> = { readonly seen: T } | { readonly refusal: NotApplied };

/** Reads the server's state before anything is sent. @throws Canceled */
export async function readFirst<T>(read: () => Promise<T>): Promise<Look<T>> {
  try {
    return { seen: await read() };
  } catch (error) {
    throwIfCanceled(error);
    if (!isStop(error)) {
      throw error;
    }
    return { refusal: refusedWith(error, nothingSent) };
  }
}

/** Nothing is sent, because someone else changed the same values to something else. */
const conflict = (unmerged: Unmerged): NotApplied =>
  notApplied(changedSinceOpened(unmerged.conflicts.map(({ path }) => pathText(path))), {
    action: { kind: 'resolve' },
    conflicts: unmerged.conflicts,
    unmerged,
  });

/**
 * Merges the server's state with the wanted one. Stops at unanswered conflicts, and if each side is valid but the
 * result isn't.
 *
 * @param check the problems of the merged document, compared with the server's state
 * @returns the merged document and the names of what was merged in
 */
export function mergeOrStop(
  kind: DocumentKind,
  versions: Documents,
  decided: readonly Decided[],
  check: (merged: ValidDocument) => readonly DocumentProblem[],
): { readonly merged: JsonObject; readonly taken: readonly string[] } | { readonly refusal: NotApplied } {
  const { merged, conflicts, taken } = mergeDecided(kind, versions, decided);
  if (conflicts.length > 0) {
    return { refusal: conflict({ kind, versions, conflicts }) };
  }
  const problems = taken.length > 0 ? check(withoutText(merged)) : [];
  const errors = problems.filter(({ severity }) => severity === 'error');
  return errors.length > 0
    ? { refusal: invalidTogether(errors) }
    : { merged, taken: taken.map((path) => pathText(path)) };
}

/** Nothing is sent, because PostHog would refuse the merged document. */
const invalidTogether = (errors: readonly DocumentProblem[]): NotApplied =>
  notApplied(invalidMerge, {
    why: sentences(...errors.map(({ message }) => message), nothingSent),
    action: { kind: 'compare' },
    // The user's text doesn't have the parts that the other side added.
    spots: errors.map(({ path, message }) => ({ path: path.slice(0, 1), message, code: 'refused' })),
  });

/**
 * What a change set is applied to: the server's current state. If the user was asked, the server is read again:
 * answering may have taken minutes, and someone else may have changed something. The user is asked again about anything
 * their answer doesn't cover.
 *
 * @param look reads, stops at conflicts, and returns what remains to be sent
 */
export async function lookAndConfirm<T>(
  look: () => Promise<Look<T>>,
  reviewOf: (seen: T) => Review,
  confirm: Confirm | undefined,
): Promise<Look<T> & Pick<Confirmed, 'noticesOf'>> {
  let looked = await look();
  let answer: Confirmed | undefined;
  while (confirm && !('refusal' in looked)) {
    const review = reviewOf(looked.seen);
    if (review.changes.length === 0) {
      break;
    }
    const next = await confirm(review, answer?.consented);
    answer = { ...answer, ...next };
    if (!next.isAsked) {
      break;
    }
    looked = await look();
    if (!next.consented) {
      break;
    }
  }
  const noticesOf = answer?.noticesOf;
  return { ...looked, ...(noticesOf && { noticesOf }) };
}

/**
 * A refusal in the server's own words. If it's about a value, that value is named and marked.
 *
 * @param addition what to say about the rest
 * @param sent what the refused request sent
 */
export function refusedWith(error: Stop, addition: string, sent?: Sent): NotApplied {
  const paths = sent ? refusedPaths(error, sent) : [];
  const { what, why, remedy, message } = named(error, paths.map(pathName));
  return notApplied(what, {
    why: sentences(why, remedy, addition),
    action: actionFor(error),
    spots: paths.map((path) => ({ path, message: error.detail ?? message, code: 'refused' })),
    cause: error,
  });
}

/** What to say about a refused value, as sentences. Other refusals say nothing about the values. */
export const saidOfRefusal = (error: Stop, { noticesOf }: Pick<Confirmed, 'noticesOf'>): readonly string[] =>
  error.kind === 'validation' ? (noticesOf?.(undefined) ?? []) : [];

/** What was sent, and the outcome of everything that is wanted. */
export interface Rest<State> {
  readonly body: JsonObject;
  readonly now: Now<State>;
  /** The write got no usable response, and the server's state was read. */
  readonly doubt?: Stop | undefined;
  /** What to say about the rest of the change set. */
  readonly also?: string;
  /** What was applied before. */
  readonly before?: readonly string[];
}

/** The outcome if the server doesn't have everything that is wanted. */
export function partOutcome<State>({
  body,
  now,
  doubt,
  also = '',
  before = [],
}: Rest<State>): Partly<Now<State>> | NotApplied<Now<State>> {
  const missing = now.values.filter(({ became }) => became === 'missing');
  const wasSent = ({ path, wanted }: ValueOutcome): boolean =>
    Object.hasOwn(body, String(path[0])) && (wanted === null || valueAt(body, path) !== undefined);
  const ignored = missing.filter(wasSent).map(({ path }) => path.join('.'));
  const changedByOthers = missing.filter((one) => !wasSent(one));
  const flipped = changedByOthers.map(({ path }) => path.join('.'));
  const top = new Set(missing.map(({ path }) => path[0]));
  const done = Object.keys(body).filter((key) => !top.has(key));
  const changed = [...before, ...done];
  const [did, meanwhile] = [didApply(done), changedMeanwhile(flipped)];
  const spots = missing.map((one) => ({
    path: one.path,
    message: wasSent(one) ? keptItsOwnHere('value') : changedMeanwhileHere,
    code: 'not-taken' as const,
  }));
  const ended = (
    what: string,
    why: string,
    details: Pick<Outcome, 'action'> & Partial<Pick<Outcome, 'conflicts' | 'cause'>>,
  ): Partly<Now<State>> | NotApplied<Now<State>> =>
    changed.length > 0
      ? partly(what, now, { why, spots, changed, ...details })
      : notApplied(what, { why, spots, result: now, ...details });
  if (ignored.length === 0) {
    const why = sentences(doubt?.what ?? '', did, also);
    return ended(meanwhile, why, {
      action: { kind: 'compare' },
      conflicts: changedByOthers.map(({ path, wanted, answered }) => ({
        path: path.map(String),
        base: valueAt(now.base, path),
        mine: wanted,
        theirs: answered,
      })),
      cause: doubt,
    });
  }
  if (doubt) {
    const rest = [doubt.why, doesNotHave(ignored), did, meanwhile, also, saveTheRest];
    return ended(doubt.what, sentences(...rest), { action: { kind: 'retry' }, cause: doubt });
  }
  const hints = new Set(missing.flatMap(({ hint }) => hint ?? []));
  const why = sentences([...hints].join(' ') || mayBeOverridden, did, meanwhile, also);
  return ended(keptItsOwn(ignored), why, { action: { kind: 'compare' } });
}

/** A notice about values that the server stores in its own form. */
export function reshapedNotice(values: readonly ValueOutcome[], mine: JsonObject): readonly string[] {
  const keys = new Set(
    values.flatMap(({ path, answered, became }) =>
      became === 'reshaped' && !jsonEquals(valueAt(mine, path), answered) ? [String(path[0])] : [],
    ),
  );
  return keys.size === 0 ? [] : [storedDifferently([...keys])];
}

function valueAt(document: JsonObject, path: ValueOutcome['path']): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, key) => own(objectOf(value), String(key)), document);
}

/** A notice about a write that got no usable response but turned out to be applied. */
export function confirmedNotice(doubt: Stop | undefined): readonly string[] {
  return doubt ? [confirmedAfterAll(doubt)] : [];
}

export const isThere = ({ became }: ValueOutcome): boolean => became !== 'missing';
