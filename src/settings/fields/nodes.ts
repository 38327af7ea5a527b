import { isBigNumber, isJsonObject, type JsonObject, type JsonValue } from '../../json/json';
import type { FieldRule, ListRule, Misfit, ObjectRule, Target } from '../rules';
import { allOf, any, described, expected, like, object, oneOf, snippet, text, trimmed, upTo } from './field';

const operators = [
  ...['exact', 'is_not', 'icontains', 'not_icontains', 'icontains_multi', 'not_icontains_multi'],
  ...['starts_with', 'not_starts_with', 'ends_with', 'not_ends_with', 'regex', 'not_regex'],
  ...['gt', 'gte', 'lt', 'lte', 'between', 'not_between', 'min', 'max', 'is_set', 'is_not_set'],
  ...['is_date_exact', 'is_date_before', 'is_date_after', 'in', 'not_in', 'is_cleaned_path_exact'],
  ...['flag_evaluates_to', 'semver_eq', 'semver_neq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'],
  ...['semver_tilde', 'semver_caret', 'semver_wildcard'],
];
const filterTypes = [
  ...['event', 'event_metadata', 'person', 'element', 'session', 'cohort', 'recording', 'log_entry', 'group'],
  ...['feature', 'flag', 'hogql', 'data_warehouse', 'data_warehouse_person_property', 'error_tracking_issue'],
  ...['log', 'log_attribute', 'log_resource_attribute', 'revenue_analytics'],
];
const needsOperator = ['person', 'element', 'data_warehouse'];

/** What a property filter refers to, if that belongs to a single environment. */
const filterTargets: Readonly<Record<string, Target>> = {
  cohort: 'cohort',
  'static-cohort': 'cohort',
  'precalculated-cohort': 'cohort',
  group: 'group type',
  flag: 'feature flag',
  data_warehouse: 'warehouse table',
  data_warehouse_person_property: 'warehouse table',
};

function filterTarget(filter: JsonValue): Target | undefined {
  if (!isJsonObject(filter)) {
    return undefined;
  }
  const { type } = filter;
  if (typeof type === 'string' && Object.hasOwn(filterTargets, type)) {
    return filterTargets[type];
  }
  return typeof filter.group_type_index === 'number' ? 'group type' : undefined;
}

function filterMisfit(filter: JsonObject): Misfit | undefined {
  const { type, operator } = filter;
  if (type === 'cohort') {
    return cohortMisfit(filter);
  }
  return (operator === undefined || operator === null) &&
    typeof type === 'string' &&
    needsOperator.includes(type)
    ? {
        code: 'required',
        message: `A "${type}" filter must have the key "operator", such as "exact".`,
      }
    : undefined;
}

/** A cohort is named by its ID, and people are in it or not (API facts 4.5). */
function cohortMisfit({ key, value, operator }: JsonObject): Misfit | undefined {
  if (key !== 'id') {
    return { key: 'key', code: 'enum', message: 'The key of a "cohort" filter must be "id".' };
  }
  if (!Number.isInteger(value) && !isBigNumber(value)) {
    return {
      key: 'value',
      code: value === undefined ? 'required' : 'type',
      message: 'The value of a "cohort" filter must be the ID of a cohort, an integer.',
    };
  }
  return operator === undefined || operator === 'in' || operator === 'not_in'
    ? undefined
    : {
        key: 'operator',
        code: 'enum',
        message: 'The operator of a "cohort" filter must be "in" or "not_in".',
        expected: true,
      };
}

/** A property filter (API facts 4.5, 9.1). */
export const propertyFilter: ObjectRule = {
  type: 'object',
  whole: true,
  adds: ['cohort_name'],
  required: ['key'],
  keys: {
    key: described(
      expected({ type: 'union', of: [text, { type: 'id' }], wanted: 'a property name' }),
      'The property, or `id` for a cohort.',
    ),
    value: described(any, 'The value to compare with. `is_set` needs none.'),
    operator: expected(oneOf(...operators)),
    type: expected(oneOf(...filterTypes)),
    group_type_index: expected({ type: 'integer', min: 0 }),
  },
  together: filterMisfit,
  pointsTo: filterTarget,
  snippets: [
    snippet(
      'Exclude an email domain',
      { key: 'email', value: '${1:@example.com}', operator: 'not_icontains', type: 'person' },
      'Leaves out people whose email contains this text',
    ),
    snippet(
      'Exclude a host',
      {
        // Raw snippet text: the editor would read a bare $ as a variable.
        key: '^"\\$host"',
        value: '${1:^(localhost|127\\\\.0\\\\.0\\\\.1)}',
        operator: 'not_regex',
        type: 'event',
      },
      'Leaves out events from matching hosts',
    ),
  ],
};

/** The filters of a node: an array, or groups of filters in two levels. */
const groupOf = (items: FieldRule): ObjectRule => ({
  type: 'object',
  keys: { type: any, values: { type: 'array', items, expected: true } },
});
const filterOrGroup: FieldRule = {
  type: 'union',
  wanted: 'a property filter or a group of property filters',
  of: [groupOf(propertyFilter), propertyFilter],
};
const nodeFilters: FieldRule = expected({
  type: 'union',
  wanted: 'an array of property filters',
  of: [{ type: 'array', items: expected(propertyFilter) }, groupOf(filterOrGroup)],
});

const nodeKinds = ['EventsNode', 'ActionsNode', 'DataWarehouseNode'];

function nodeTarget(node: JsonValue): Target | undefined {
  const kind = isJsonObject(node) ? node.kind : undefined;
  return kind === 'ActionsNode' ? 'action' : kind === 'DataWarehouseNode' ? 'warehouse table' : undefined;
}

const nodeKeys = {
  kind: expected(oneOf(...nodeKinds)),
  event: expected(text),
  properties: nodeFilters,
  fixedProperties: nodeFilters,
  math: { type: 'any', pointsTo: (math) => (math === 'unique_group' ? 'group type' : undefined) },
  math_group_type_index: { type: 'integer', expected: true, pointsTo: 'group type' },
} as const satisfies Record<string, FieldRule>;

/** A node that counts an event, an action or a warehouse table's rows, or just an event name (API facts 9.1). */
export const eventOrNode: FieldRule = {
  type: 'union',
  wanted: 'an event name or an object such as {"kind": "EventsNode", "event": "signed_up"}',
  notNull: true,
  of: [text, { type: 'object', keys: nodeKeys, pointsTo: nodeTarget }],
  snippets: [snippet('Event', { kind: 'EventsNode', event: '${1:signed_up}' }, 'Counts an event')],
};

const warehouseGoalKeys = ['distinct_id_field', 'id', 'id_field', 'table_name', 'timestamp_field'];

/** Conversion goals (API facts 9.1). */
export const conversionGoals: ListRule = {
  type: 'array',
  notNull: true,
  text: 'Saving replaces the whole list.',
  anyOrder: true,
  identity: ['conversion_goal_id'],
  items: {
    type: 'object',
    whole: true,
    since: 'current',
    required: ['conversion_goal_id', 'conversion_goal_name', 'kind', 'name', 'schema_map'],
    keys: {
      ...nodeKeys,
      kind: oneOf(...nodeKinds),
      name: expected(text),
      conversion_goal_id: expected(text),
      conversion_goal_name: expected(text),
      schema_map: expected(object),
      counts_as_customer: expected({ type: 'boolean' }),
      counts_as_revenue: expected({ type: 'boolean' }),
      math_property_revenue_currency: expected(object),
      ...allOf(warehouseGoalKeys.join(' '), { ...expected(text), notNull: true }),
    },
    together: (goal) => {
      const missing = warehouseGoalKeys.find((key) => !Object.hasOwn(goal, key));
      return goal.kind === 'DataWarehouseNode' && missing !== undefined
        ? { code: 'required', message: `A warehouse table goal must have the key "${missing}".` }
        : undefined;
    },
    pointsTo: nodeTarget,
  },
};

/** Warehouse tables that events are read from. */
export const warehouseEvents: ListRule = {
  type: 'array',
  expected: true,
  anyOrder: true,
  identity: ['table_name'],
  items: {
    type: 'object',
    expected: true,
    pointsTo: 'warehouse table',
    keys: { table_name: text, timestamp_field: text, distinct_id_field: text, id_field: text },
  },
};

/** Sites, in any order. */
export const urlList: ListRule = {
  type: 'array',
  items: trimmed(like(upTo(200), 'https://example.com')),
  nullItems: true,
  dropsEmpty: true,
  anyOrder: true,
};

/** An array of URLs as regular expressions. */
export const urlMatchers: ListRule = {
  type: 'array',
  anyOrder: true,
  identity: ['url'],
  items: {
    type: 'object',
    expected: true,
    required: ['url', 'matching'],
    keys: {
      url: described({ type: 'string', regex: true }, 'A regular expression.'),
      matching: oneOf('regex'),
    },
  },
  snippets: [
    snippet(
      'URL',
      [{ url: '${1:https://example.com/checkout.*}', matching: 'regex' }],
      'An array with one regular expression',
    ),
  ],
};
