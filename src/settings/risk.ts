import type { Risk, SettingsField } from './fields/field';
import { isJsonObject, type JsonValue } from '../json/json';
import { decimalValue } from './values';

/** Whether a value turns a setting off: false, 0, null, absent, or empty. */
export const isOff = (value: JsonValue | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0) ||
  (isJsonObject(value) && Object.keys(value).length === 0);

/** A value as a number to compare: itself, or its position among the allowed values. Null means unlimited. */
function rank({ rule }: SettingsField, value: JsonValue | undefined): number | undefined {
  if (rule.type === 'string') {
    const index = typeof value === 'string' ? (rule.values?.indexOf(value) ?? -1) : -1;
    return index < 0 ? undefined : index;
  }
  return decimalValue(value);
}

/**
 * The risks of changing a setting from one value to another.
 *
 * If it's unclear whether a value was raised or lowered, such as from a number to null, either counts: one warning too
 * many does no harm.
 */
export function risksOf(
  field: SettingsField,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): readonly Risk[] {
  const { risk = 'harmless' } = field;
  if (risk === 'harmless') {
    return [];
  }
  const [before, after] = [rank(field, from), rank(field, to)];
  return risk.filter(({ when }) => {
    switch (when) {
      case 'on':
        return !isOff(to);
      case 'off':
        return isOff(to);
      case 'lower':
        return before === undefined || after === undefined || after < before;
      case 'higher':
        return before === undefined || after === undefined || after > before;
      default:
        return true;
    }
  });
}
