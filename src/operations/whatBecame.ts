import { jsonEquals, own } from '../json/json';
import type { Documents } from '../json/merge/merge';
import { pathText } from '../json/merge/path';
import { mergeDocument, wantedOf, type DocumentKind } from './save/mergeDocument';
import { stateAfterCheck } from './phrases/saving';

/** Which changes of a save PostHog has, by name. */
export interface WhatBecame {
  readonly there: readonly string[];
  readonly missing: readonly string[];
  /** Changes where it has neither the old value nor the new one. */
  readonly others: readonly string[];
}

/** Finds out what happened to changes that were sent, based on PostHog's current state. */
export function whatBecame(kind: DocumentKind, { base, mine, theirs }: Documents): WhatBecame {
  const wanted = wantedOf(base, mine);
  const { merged, conflicts } = mergeDocument(kind, { base, mine: wanted, theirs });
  const contested = new Set(conflicts.map(({ path }) => path[0]));
  // Treating PostHog's state as mine, the changes are what a merge takes from the other side.
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

/** The same as sentences. */
export function checkText({ there, missing, others }: WhatBecame): string {
  return stateAfterCheck(there, missing, others);
}
