import { merge, type Answer, type Documents, type Merge } from '../json/merge/merge';
import type { MergeRule } from '../json/merge/rule';
import { isTaken } from '../settings/taken';

const rule: MergeRule = {
  becomes: (written, stored, base) => isTaken(written, stored, { before: base, unsent: true }),
};

/** Merges what both sides have changed in a table, including its columns one by one. */
export const mergeTable = (documents: Documents, answers?: readonly Answer[]): Merge =>
  merge(documents, { at: () => rule }, answers);
