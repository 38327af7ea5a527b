import { jsonEquals, own } from '../json/json';
import type { Documents } from '../json/merge/merge';
import { pathText } from '../json/merge/path';
import { mergeDocument, wantedOf, type DocumentKind } from './mergeDocument';
import { list, sentences } from './phrases';

/** What PostHog has of the changes of a save, by the names of what was changed. */
export interface WhatBecame {
  readonly there: readonly string[];
  readonly missing: readonly string[];
  /** Where it has neither what was there before nor what was wanted. */
  readonly others: readonly string[];
}

/** Tells from what PostHog has now what became of changes that were sent to it. */
export function whatBecame(kind: DocumentKind, { base, mine, theirs }: Documents): WhatBecame {
  const wanted = wantedOf(base, mine);
  const { merged, conflicts } = mergeDocument(kind, { base, mine: wanted, theirs });
  const contested = new Set(conflicts.map(({ path }) => path[0]));
  // What differs from the base is what a merge would take over from the other side.
  const { taken } = mergeDocument(kind, { base, mine: base, theirs: wanted });
  const changed = [...new Set(taken.map(([key]) => (typeof key === 'string' ? key : '')))];
  const settled = changed.filter((key) => !contested.has(key));
  const isThere = (key: string): boolean => jsonEquals(own(merged, key), own(theirs, key));
  return {
    there: settled.filter(isThere),
    missing: settled.filter((key) => !isThere(key)),
    others: conflicts.map(({ path }) => pathText(path)),
  };
}

/** The same in sentences. */
export function checkText({ there, missing, others }: WhatBecame): string {
  if (missing.length === 0 && others.length === 0) {
    return there.length === 0
      ? 'PostHog was asked again: there is nothing left to save.'
      : `PostHog was asked again: it has ${list(there)} as you saved it.`;
  }
  return sentences(
    there.length === 0 ? 'PostHog was asked again.' : `PostHog was asked again: it has ${list(there)}.`,
    missing.length === 0 ? '' : `It does not have ${list(missing)}.`,
    others.length === 0 ? '' : `It has another value of ${list(others)}.`,
    'Save again to send the rest.',
  );
}
