import { merge, type Answer, type Documents, type Merge } from '../json/merge/merge';
import type { MergeRule } from '../json/merge/rule';
import { settingsField } from './catalogue';
import { ruleOfKey, type FieldRule } from './rules';
import { isStoredAs } from './storedForm';
import { itemForm, sameValue } from './values';

/** The merge rules for settings documents, from the catalogue. */
const settingsRule: MergeRule = {
  at: (key) => ({
    ...mergeRule(settingsField(key)?.rule),
    same: (left, right) => sameValue(key, left, right),
  }),
};

/** Merge rules by catalogue rule, because an array can have thousands of items with the same rule. */
const known = new WeakMap<FieldRule, MergeRule>();
const anyValue = newRule(undefined);

function mergeRule(rule: FieldRule | undefined): MergeRule {
  if (!rule) {
    return anyValue;
  }
  const made = known.get(rule) ?? newRule(rule);
  known.set(rule, made);
  return made;
}

function newRule(rule: FieldRule | undefined): MergeRule {
  const becomes: MergeRule['becomes'] = (written, stored) => isStoredAs(rule, written, stored);
  switch (rule?.type) {
    case 'object':
      return {
        becomes,
        ...(rule.whole && { whole: true }),
        at: (key) => {
          const part = mergeRule(ruleOfKey(rule, key) ?? rule.each);
          return rule.kept?.includes(key) ? { ...part, serverOnly: true } : part;
        },
      };
    case 'array': {
      const { identity, items } = rule;
      return {
        becomes,
        ...((rule.anyOrder ?? rule.unordered) && { anyOrder: true, itemForm: itemForm(rule) }),
        ...(identity && { identity }),
        items: mergeRule(items),
      };
    }
    case 'union':
      return { becomes, whole: true };
    default:
      return { becomes };
  }
}

/** Merges what both sides have changed in an environment's settings. */
export const mergeSettings = (documents: Documents, answers?: readonly Answer[]): Merge =>
  merge(documents, settingsRule, answers);
