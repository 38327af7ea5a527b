import { merge, type Answer, type Documents, type Merge } from '../json/merge/merge';
import type { MergeRule } from '../json/merge/rule';
import { isStoredAs } from '../settings/storedForm';
import { ruleOfTableKey } from './tableFields';

const ruleAt = (key: string): MergeRule => {
  const rule = ruleOfTableKey(key);
  return { becomes: (written, stored) => isStoredAs(rule, written, stored) };
};

/** Merges what both sides have changed in a table, including its columns one by one. */
export const mergeTable = (documents: Documents, answers?: readonly Answer[]): Merge =>
  merge(documents, { at: ruleAt }, answers);
