import * as v from 'valibot';
import { parseJson, type JsonObject, type JsonValue, objectOf, own } from '../../json/json';
import type { EnvironmentRef } from '../../posthog/models';
import { maskSecretsAt } from '../../settings/document';
import type { Change } from '../changes';

/** What was done. This includes writes that can't be undone. */
const writeKinds = [
  'save',
  'rename',
  'undo',
  'restore',
  'copy',
  'apply',
  'retype',
  'create',
  'delete',
  'link',
  'upload',
  'refresh',
  'credentials',
] as const;
export type WriteKind = (typeof writeKinds)[number];

const outcomes = ['applied', 'partly', 'notApplied', 'unknown'] as const;
/** What happened to a write: the kinds of outcomes, without what only callers need. */
export type WriteOutcome = (typeof outcomes)[number];

/** A recorded change of a value. Secrets are dots on both sides. A missing side means that there was no value. */
export interface RecordedChange extends Change {
  /** A side contained a secret, which is never recorded: the change can be shown, but not undone. */
  readonly isMasked?: boolean;
}

/** Who proposed a change, and why. */
export interface Proposed {
  readonly by?: string | undefined;
  readonly why?: string | undefined;
}

/** A write in the history. */
export interface HistoryEntry {
  /** Contains the start time, so that sorting by ID sorts by time. */
  readonly id: string;
  /** ISO 8601 date-times. Without an end, the outcome was never seen. */
  readonly startedAt: string;
  readonly finishedAt?: string | undefined;
  /** The process that sends it. */
  readonly processId?: number | undefined;
  readonly connectionId: string;
  readonly environment: EnvironmentRef & { readonly name: string };
  readonly table?: { readonly id: string; readonly name: string } | undefined;
  readonly kind: WriteKind;
  readonly changes: readonly RecordedChange[];
  readonly outcome?: WriteOutcome | undefined;
  /** Sentences about what happened, if there is more to say than the outcome; may be empty. */
  readonly what: string;
  /** The entry that this write undid. */
  readonly undoes?: string | undefined;
  /** The same for all writes of one action, which are undone together. */
  readonly together?: string | undefined;
  /** For changes from someone's change file. */
  readonly proposed?: Proposed | undefined;
}

// Only parts of the library that other readers use, too, because it's loaded at startup.
const textThat = (accepts: (text: string) => boolean) =>
  v.custom<string>((value) => typeof value === 'string' && accepts(value));
const text = textThat(({ length }) => length <= 20_000);
const integer = v.pipe(v.number(), v.safeInteger());
const time = textThat((value) => !Number.isNaN(Date.parse(value)));
/** A JSON value: the result of parsing always is one. */
const json = v.custom<JsonValue>((value) => value !== undefined);

/** Whether a name can be an entry's ID. */
export const isEntryId = (name: string): boolean => /^\d{8}T\d{9}Z-[0-9a-f]{8}$/.test(name);

const entryId = textThat(isEntryId);

const isPath = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= 100 &&
  value.every((part) => typeof part === 'string' || Number.isSafeInteger(part));

/** A change as stored in a file. */
export const recordedChangeSchema = v.pipe(
  v.object({
    path: v.custom<Change['path']>(isPath),
    from: v.exactOptional(json),
    to: v.exactOptional(json),
    isMasked: v.exactOptional(v.boolean()),
  }),
  v.transform(({ from, to, ...rest }): RecordedChange => ({ ...rest, from, to })),
);

const schema = v.object({
  id: entryId,
  startedAt: time,
  finishedAt: v.exactOptional(time),
  processId: v.exactOptional(integer),
  connectionId: textThat((value) => value !== ''),
  environment: v.object({
    id: integer,
    projectId: integer,
    organizationId: v.exactOptional(text),
    name: text,
  }),
  table: v.exactOptional(v.object({ id: text, name: text })),
  kind: v.picklist(writeKinds),
  changes: v.array(recordedChangeSchema),
  outcome: v.exactOptional(v.picklist(outcomes)),
  what: text,
  undoes: v.exactOptional(entryId),
  together: v.exactOptional(text),
  proposed: v.exactOptional(v.object({ by: v.exactOptional(text), why: v.exactOptional(text) })),
});

/** A unique ID that sorts by time. */
export function newEntryId(at: Date): string {
  const random = globalThis.crypto.randomUUID().slice(0, 8);
  return `${at.toISOString().replaceAll(/[-:.]/g, '')}-${random}`;
}

/** A stored entry. */
export const entryText = (entry: HistoryEntry): string => JSON.stringify(entry);

/** The opposite of {@link entryText}. @throws Error if the text isn't an entry */
export function readEntry(stored: string): HistoryEntry {
  return v.parse(schema, parseJson(stored));
}

/** A change without its secrets. */
export function recorded({ path, from, to }: Change): RecordedChange {
  const masked = (value: JsonValue | undefined): JsonValue | undefined =>
    value === undefined ? undefined : maskSecretsAt(path, value);
  const [before, after] = [masked(from), masked(to)];
  const isMasked = !sameText(before, from) || !sameText(after, to);
  return { path, from: before, to: after, ...(isMasked && { isMasked }) };
}

const sameText = (left: JsonValue | undefined, right: JsonValue | undefined): boolean =>
  JSON.stringify(left) === JSON.stringify(right);

/** The values of one side of an entry, as a document. */
export function sideOf(changes: readonly RecordedChange[], side: 'from' | 'to'): JsonObject {
  return changes.reduce<JsonObject>((document, change) => withValue(document, change.path, change[side]), {});
}

/** A document with a different value at a path; `undefined` removes it. */
export function withValue(
  document: JsonObject,
  [key, ...rest]: Change['path'],
  value: JsonValue | undefined,
): JsonObject {
  if (key === undefined) {
    return document;
  }
  const name = String(key);
  const entries = new Map(Object.entries(document));
  const before = own(document, name);
  const next = rest.length === 0 ? value : partWith(before, rest, value);
  if (next === undefined) {
    entries.delete(name);
  } else {
    entries.set(name, next);
  }
  return Object.fromEntries(entries);
}

function partWith(
  before: JsonValue | undefined,
  path: Change['path'],
  value: JsonValue | undefined,
): JsonValue | undefined {
  // There's nothing to remove.
  if (value === undefined && before === undefined) {
    return undefined;
  }
  return withValue(objectOf(before), path, value);
}

/** The value at a path in a document. */
export function valueAt(document: JsonObject, path: Change['path']): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, key) => own(objectOf(value), String(key)), document);
}

/** What happened to a value that was sent. */
interface Became {
  readonly path: Change['path'];
  readonly became: 'same' | 'reshaped' | 'missing';
}

/**
 * The changes that the server applied: each value as the server stored it, without those that it ignored or that
 * someone else changed at the same time.
 *
 * @param document the server's state after the write
 */
export function madeOf(
  changes: readonly Change[],
  document: JsonObject,
  values: readonly Became[] = [],
): readonly Change[] {
  const missing = values.filter(({ became }) => became === 'missing');
  return changes.flatMap(({ path, from }): Change[] => {
    const to = valueAt(document, path);
    return missing.some((one) => overlaps(one.path, path)) || sameText(from, to) ? [] : [{ path, from, to }];
  });
}

const overlaps = (left: Change['path'], right: Change['path']): boolean => {
  const length = Math.min(left.length, right.length);
  return left.slice(0, length).every((key, index) => String(key) === String(right[index]));
};
