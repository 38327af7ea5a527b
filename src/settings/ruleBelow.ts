import type { FieldRule } from './rules';

/** The rule of a value, and whether the value may be null. */
export interface RuleSpot {
  readonly rule: FieldRule;
  readonly takesNull: boolean;
}

/**
 * The rule of a key or an item of a value.
 *
 * @param kind what the value is; decides between the rules of a value of several kinds
 */
export function ruleBelow(
  rule: FieldRule,
  key: string | number,
  kind: 'object' | 'array',
): RuleSpot | undefined {
  switch (rule.type) {
    case 'array':
      return rule.items && { rule: rule.items, takesNull: rule.nullItems === true };
    case 'object': {
      const name = String(key);
      const found = rule.keys && Object.hasOwn(rule.keys, name) ? rule.keys[name] : rule.each;
      return found && { rule: found, takesNull: !found.notNull && !rule.required?.includes(name) };
    }
    case 'union': {
      const meant = rule.of.find(({ type }) => type === kind);
      return meant && ruleBelow(meant, key, kind);
    }
    default:
      return undefined;
  }
}

/** The rule of a key of a value, if the value has one. */
export const ruleOfPart = (rule: FieldRule | undefined, key: string): FieldRule | undefined =>
  rule && ruleBelow(rule, key, 'object')?.rule;
