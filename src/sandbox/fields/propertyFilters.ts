import { invalid } from '../errors';
import { isBigNumber, isJsonObject } from '../json';
import type { JsonObject, JsonValue } from '../json';
import type { FieldContext } from './context';
import type { Reader } from './primitives';

/** The general property filter union (API facts 4.5, inferred beyond person, event and cohort). */
const TYPES: ReadonlySet<string> = new Set([
  ...['event', 'event_metadata', 'person', 'element', 'session', 'cohort', 'recording', 'log_entry', 'group'],
  ...['feature', 'flag', 'hogql', 'data_warehouse', 'data_warehouse_person_property', 'error_tracking_issue'],
  ...['log', 'log_attribute', 'log_resource_attribute', 'revenue_analytics'],
]);
const OPERATORS: ReadonlySet<string> = new Set([
  ...['exact', 'is_not', 'icontains', 'not_icontains', 'regex', 'not_regex', 'gt', 'gte', 'lt', 'lte'],
  ...['is_set', 'is_not_set', 'is_date_exact', 'is_date_before', 'is_date_after', 'between', 'not_between'],
  ...['min', 'max', 'in', 'not_in', 'is_cleaned_path_exact', 'flag_evaluates_to'],
  ...['starts_with', 'not_starts_with', 'ends_with', 'not_ends_with'],
  ...['icontains_multi', 'not_icontains_multi'],
  ...['semver_eq', 'semver_neq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'],
  ...['semver_tilde', 'semver_caret', 'semver_wildcard'],
]);

/** Filters of these types need an operator (API facts 9.1). */
const NEEDS_OPERATOR: ReadonlySet<JsonValue | undefined> = new Set(['person', 'element', 'data_warehouse']);

/** Not validated in the seed era; newer servers require a list of property filters. */
export const testAccountFilters: Reader = (value, attr, context) => {
  if (context.generation === 'current' && !(Array.isArray(value) && value.every(isFilter))) {
    throw invalid('Must provide an array of valid property filters.', attr);
  }
  return context.generation === 'current' && Array.isArray(value)
    ? value.map((item) => withCohortName(item, context))
    : value;
};

/** Adds the cohort's name to a filter that has only its ID (API facts 9.1, as others report). */
function withCohortName(item: JsonValue, { cohorts }: FieldContext): JsonValue {
  const name = isJsonObject(item) && item.type === 'cohort' ? cohorts.get(Number(item.value)) : undefined;
  return isJsonObject(item) && name !== undefined && item.cohort_name === undefined
    ? { ...item, cohort_name: name }
    : item;
}

function isFilter(item: JsonValue): boolean {
  if (!isJsonObject(item) || typeof item.key !== 'string') {
    return false;
  }
  const { type, operator } = item;
  if (!isOneOf(TYPES, type) || !isOneOf(OPERATORS, operator)) {
    return false;
  }
  if (NEEDS_OPERATOR.has(type) && (operator === undefined || operator === null)) {
    return false;
  }
  switch (type) {
    case 'cohort':
      return isCohort(item);
    case 'group':
      return isIndex(item.group_type_index) && hasValue(item);
    default:
      return hasValue(item);
  }
}

function isOneOf(words: ReadonlySet<string>, value: JsonValue | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && words.has(value));
}

function isCohort({ key, value, operator }: JsonObject): boolean {
  const isMembership = operator === undefined || operator === 'in' || operator === 'not_in';
  return key === 'id' && (Number.isInteger(value) || isBigNumber(value)) && isMembership;
}

function isIndex(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || Number.isInteger(value);
}

/** A string, number or boolean, or a list of them; `is_set`, `is_not_set` and SQL expressions need none. */
function hasValue({ type, operator, value }: JsonObject): boolean {
  const needsNone = operator === 'is_set' || operator === 'is_not_set' || type === 'hogql';
  if (value === undefined) {
    return needsNone;
  }
  return Array.isArray(value) ? value.every((item) => !isStructure(item)) : !isStructure(value);
}

function isStructure(value: JsonValue): boolean {
  return Array.isArray(value) || isJsonObject(value);
}
