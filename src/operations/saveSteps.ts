import { isPostHogError, restate, type PostHogError } from '../posthog/errors';
import type { ValueOutcome } from '../settings/answer';
import { jsonEquals, type JsonObject, type JsonValue, objectOf, own } from '../json/json';
import { parseDocument, type DocumentProblem, type ValidDocument } from '../json/parse';
import { actionFor } from './actions';
import {
  changedMeanwhile,
  changedSinceOpened,
  confirmedAfterAll,
  couldNotConfirm,
  didApply,
  doesNotHave,
  keptItsOwn,
  list,
  mayBeOverridden,
  nothingSent,
  notThereYet,
  sentences,
} from './phrases';
import { pathName, problemAt, refusedPaths, type SentDocument } from './refusedPlaces';
import { SaveCancelled, SaveRefused, type ConfirmSave, type PlannedSave, type Seen } from './saveRefused';
import { write as sendAndLook } from './write';

/** The document, parsed and without mistakes. @throws SaveRefused with every mistake at its spot. */
export function readable(
  text: string,
  check: (document: ValidDocument) => readonly DocumentProblem[],
): ValidDocument {
  const document = parseDocument(text);
  if (!document.ok) {
    throw problemRefusal(document.problems);
  }
  refuseProblems(check(document));
  return document;
}

/** @throws SaveRefused when one of the problems is an error. */
export function refuseProblems(problems: readonly DocumentProblem[]): void {
  if (problems.some(({ severity }) => severity === 'error')) {
    throw problemRefusal(problems);
  }
}

function problemRefusal(problems: readonly DocumentProblem[]): SaveRefused {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see the Problems view)` : '';
  return new SaveRefused(`${first?.message ?? 'The document cannot be read.'}${more} ${nothingSent}`, {
    problems,
  });
}

/** @throws SaveRefused when somebody else changed what this save would change too. */
export function refuseConflicts(keys: readonly string[]): void {
  if (keys.length > 0) {
    throw new SaveRefused(changedSinceOpened(keys), { remedy: 'compare', conflictingKeys: keys });
  }
}

/** What the server has before anything is sent. @throws SaveRefused */
export async function readBefore<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isPostHogError(error) && error.kind === 'cancelled') {
      throw new SaveCancelled();
    }
    throw isPostHogError(error) ? refusedBy(error, nothingSent) : error;
  }
}

/**
 * What a save is made from: what the server has now. Where a person was asked about it, the server is looked at once
 * more: the answer may have taken minutes, in which somebody else can have changed something.
 *
 * @param look reads, stops at conflicts and says what is left to be sent
 */
export async function lookAndConfirm<T>(
  look: () => Promise<T>,
  planOf: (seen: T) => PlannedSave,
  confirm: ConfirmSave | undefined,
): Promise<T> {
  const seen = await look();
  const plan = confirm && planOf(seen);
  return plan && plan.changes.length > 0 && (await confirm(plan)) === 'asked' ? look() : seen;
}

/** What the server has after a write. With `failure`, the write itself had no usable answer. */
export interface Written<T> {
  answer: T;
  failure?: PostHogError;
}

/**
 * A write whose outcome may be unknown: then the server is asked once more before it is called a failure.
 *
 * @param tookSome whether the state has at least a part of what was sent
 * @param sent what the write sends, for marks in the document
 * @param also what is to be said of the rest of the save when this write fails
 * @throws SaveRefused when nothing was applied, or when nobody knows
 */
export async function write<T extends { raw: JsonObject }>(
  send: () => Promise<T>,
  look: () => Promise<T>,
  tookSome: (state: JsonObject) => boolean,
  sent: SentDocument,
  also = '',
): Promise<Written<T>> {
  const written = await sendAndLook({ send, look, tookSome: ({ raw }) => tookSome(raw) });
  switch (written.kind) {
    case 'there':
      return { answer: written.state, ...(written.doubt && { failure: written.doubt }) };
    case 'refused':
      throw refusedBy(written.error, also, sent);
    case 'absent': {
      const { doubt } = written;
      throw new SaveRefused(sentences(doubt.what, doubt.why, notThereYet(doubt, 'Save again'), also), {
        remedy: remedyFor(doubt),
        cause: doubt,
      });
    }
    case 'unknown': {
      const cause = written.doubt ?? written.error;
      throw new SaveRefused(sentences(couldNotConfirm('Save again'), cause.what, cause.why, also), {
        remedy: 'retry',
        cause,
      });
    }
  }
}

/**
 * A refusal in the words of the server's own. Where it is about a value, that value is named and marked.
 *
 * @param sent what the refused request sent of the document
 */
function refusedBy(error: PostHogError, addition = '', sent?: SentDocument): SaveRefused {
  const paths = sent ? refusedPaths(error, sent) : [];
  const message = placed(error, paths.map(pathName)).message;
  return new SaveRefused(sentences(message, addition), {
    remedy: remedyFor(error),
    problems: sent ? paths.map((path) => problemAt(sent.document, path, error.detail ?? message)) : [],
    cause: error,
  });
}

/** The refusal with the names of the values it is about. */
export function placed(error: PostHogError, names: readonly string[]): PostHogError {
  return error.kind === 'validation' && names.length > 0
    ? restate(error, {
        what: `PostHog did not accept ${list(names)}.`,
        remedy: `Correct ${names.length === 1 ? 'it' : 'them'} and save again.`,
      })
    : error;
}

/** The action that fits a failure of the server or the way to it. */
export function remedyFor(error: PostHogError): 'replaceKey' | 'retry' | 'none' {
  const kind = actionFor(error, '')?.kind;
  return kind === 'replaceKey' || kind === 'retry' ? kind : 'none';
}

/** What became of a save that was sent, and what is to be kept of it. */
export interface Part extends SentDocument {
  /** Everything that the document wants, not only what was sent. */
  readonly outcomes: readonly ValueOutcome[];
  /** The base from now on. */
  readonly base: JsonObject;
  readonly seen: Seen;
  /** The write had no usable answer, and the server was asked what it has. */
  readonly failure?: PostHogError | undefined;
  /** What is to be said of the rest of the save. */
  readonly also?: string;
}

/** The refusal for a save after which the server does not have everything that the document wants. */
export function partRefusal({ outcomes, document, body, base, seen, failure, also = '' }: Part): SaveRefused {
  const missing = outcomes.filter(({ became }) => became === 'missing');
  const wasSent = ({ path, wanted }: ValueOutcome): boolean =>
    Object.hasOwn(body, String(path[0])) && (wanted === null || valueAt(body, path) !== undefined);
  const ignored = missing.filter(wasSent).map(({ path }) => path.join('.'));
  const flipped = missing.filter((one) => !wasSent(one)).map(({ path }) => path.join('.'));
  const top = new Set(missing.map(({ path }) => path[0]));
  const applied = Object.keys(body).filter((key) => !top.has(key));
  const did = didApply(applied);
  const meanwhile = changedMeanwhile(flipped);
  const problems = missing.map((one) =>
    problemAt(
      document,
      one.path,
      wasSent(one) ? 'PostHog did not take this value.' : 'Someone changed this in PostHog during the save.',
      'not-taken',
    ),
  );
  const more = { base, seen, problems };
  if (ignored.length === 0) {
    return new SaveRefused(sentences(meanwhile, failure?.what ?? '', did, also), {
      remedy: 'compare',
      conflictingKeys: flipped,
      cause: failure,
      ...more,
    });
  }
  if (failure) {
    return new SaveRefused(
      sentences(
        failure.what,
        failure.why,
        doesNotHave(ignored),
        did,
        meanwhile,
        also,
        'Save again to send the rest.',
      ),
      { remedy: 'retry', cause: failure, ...more },
    );
  }
  const hints = new Set(missing.flatMap(({ hint }) => hint ?? []));
  return new SaveRefused(
    sentences(keptItsOwn(ignored), [...hints].join(' ') || mayBeOverridden, did, meanwhile, also),
    { remedy: 'compare', ...more },
  );
}

/** What to know about values that the server keeps in a form of its own. */
export function reshapedNotice(outcomes: readonly ValueOutcome[], mine: JsonObject): readonly string[] {
  const keys = new Set(
    outcomes.flatMap(({ path, answered, became }) =>
      became === 'reshaped' && !jsonEquals(valueAt(mine, path), answered) ? [String(path[0])] : [],
    ),
  );
  return keys.size === 0
    ? []
    : [
        `${list([...keys])}: PostHog keeps ${keys.size === 1 ? 'this' : 'these'} in its own form, which the document shows now.`,
      ];
}

function valueAt(document: JsonObject, path: ValueOutcome['path']): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, key) => own(objectOf(value), String(key)), document);
}

/** What to know about keys that are not in the document. */
export function missingNotice(missing: readonly string[]): readonly string[] {
  return missing.length === 0
    ? []
    : [
        `${list(missing)}: not in the document, so PostHog keeps ${missing.length === 1 ? 'its value' : 'their values'}. A setting is cleared with null, not by removing it.`,
      ];
}

/** What to know about a write that got no usable answer and was found on the server afterwards. */
export function confirmedNotice(failure: PostHogError | undefined): readonly string[] {
  return failure ? [confirmedAfterAll(failure)] : [];
}
