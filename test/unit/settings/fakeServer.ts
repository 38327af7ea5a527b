import {
  settingsField,
  settingsFields,
  type Generation,
  type SettingsField,
} from '../../../src/settings/catalogue';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/json/json';
import fc from 'fast-check';

/**
 * What PostHog stores for a PATCH and returns, implemented from API facts 4.4 and 4.5 rather than the product's code:
 * merge or replace, decimals as strings, times with seconds, dropped empty items, tags as a set, nulls without effect.
 */
export function patched(state: JsonObject, body: JsonObject, generation: Generation): JsonObject {
  const answer: JsonObject = { ...state };
  for (const [key, value] of Object.entries(body)) {
    if (value !== undefined && settingsField(key)?.access === 'writable') {
      const stored = store(key, state[key], value, generation);
      if (stored !== undefined) {
        answer[key] = stored;
      }
    }
  }
  return answer;
}

function store(
  key: string,
  before: JsonValue | undefined,
  value: JsonValue,
  generation: Generation,
): JsonValue | undefined {
  const old = isJsonObject(before) ? before : {};
  switch (key) {
    case 'session_recording_sample_rate':
    case 'default_experiment_confidence_level':
      return value === null ? null : Number(value).toFixed(2);
    case 'experiment_recalculation_time':
      return typeof value === 'string' && value.length === 5 ? `${value}:00` : value;
    case 'app_urls':
    case 'recording_domains':
      return Array.isArray(value) ? value.filter((item) => item !== null && item !== '') : value;
    case 'tags':
      return Array.isArray(value) ? [...new Set(value)].sort() : value;
    case 'name':
      return typeof value === 'string' ? value.trim() : value;
    case 'revenue_analytics_config':
    case 'customer_analytics_config':
    case 'workflows_config':
    case 'feature_flag_policy_config':
      return isJsonObject(value) ? { ...old, ...value } : before;
    case 'marketing_analytics_config':
      return isJsonObject(value) ? storeMarketing(old, value, generation) : before;
    case 'session_replay_config':
      return isJsonObject(value) ? mergeTwoDeep(old, value) : value;
    case 'survey_config':
      return isJsonObject(value) ? { ...old, ...value } : value;
    case 'conversations_settings':
      return isJsonObject(value) && generation === 'current' ? { ...old, ...value } : value;
    case 'modifiers':
      return isJsonObject(value) && generation === 'current' ? { ...old, ...value } : value;
    case 'logs_settings':
      return isJsonObject(value) && old.retention_days !== value.retention_days
        ? { ...value, retention_last_updated: '2026-01-05T10:00:00Z' }
        : value;
    default:
      return value;
  }
}

function mergeTwoDeep(old: JsonObject, value: JsonObject): JsonObject {
  const result: JsonObject = { ...old };
  for (const [key, part] of Object.entries(value)) {
    const was = old[key];
    result[key] = isJsonObject(was) && isJsonObject(part) ? { ...was, ...part } : part;
  }
  return result;
}

function storeMarketing(old: JsonObject, value: JsonObject, generation: Generation): JsonObject {
  const result: JsonObject = { ...old, ...value };
  if (generation === 'current' && isJsonObject(old.sources_map) && isJsonObject(value.sources_map)) {
    result.sources_map = Object.fromEntries(
      Object.entries({ ...old.sources_map, ...value.sources_map }).filter(([, source]) => source !== null),
    );
  }
  return result;
}

const subKeys: Readonly<Record<string, readonly string[]>> = {
  session_replay_config: ['record_canvas', 'ai_config'],
  marketing_analytics_config: ['sources_map', 'attribution_window_days', 'conversion_goals'],
  logs_settings: ['retention_days', 'json_parse_logs'],
};

const words = fc.constantFrom('a', 'b', 'c', 'd');
const plain = fc.oneof(fc.boolean(), words, fc.nat(9));
const source = fc.dictionary(words, fc.oneof(words, fc.constant(null)), { maxKeys: 2 });

/** Any value of a field that PostHog accepts, except nulls without effect. */
function valueOf(field: SettingsField): fc.Arbitrary<JsonValue> {
  const { rule, key, nullable } = field;
  const some = ((): fc.Arbitrary<JsonValue> => {
    switch (rule.type) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return rule.values
          ? fc.constantFrom(...rule.values)
          : fc.integer({ min: rule.min ?? 0, max: rule.max ?? 99 });
      case 'decimal':
        return fc.constantFrom<JsonValue[]>('0.4', '0.40', 0.4, 1, '1', '0.95');
      case 'string':
        return rule.values ? fc.constantFrom(...rule.values) : words;
      case 'time':
        return fc.constantFrom('02:00', '02:00:00', '03:15:30');
      case 'timezone':
        return fc.constantFrom('UTC', 'Europe/Berlin');
      case 'array':
        return rule.dropsEmpty
          ? fc.array(fc.oneof(words, fc.constantFrom('', null)), { maxLength: 4 })
          : fc.array(words, { maxLength: 3 });
      case 'id':
        return fc.nat();
      case 'any':
      case 'union':
        return words;
      case 'object':
        return objectFor(key);
    }
  })();
  return nullable ? fc.oneof({ weight: 4, arbitrary: some }, fc.constant(null)) : some;
}

function objectFor(key: string): fc.Arbitrary<JsonObject> {
  const names = subKeys[key];
  const deep = fc.dictionary(words, fc.oneof(plain, fc.dictionary(words, plain, { maxKeys: 2 })), {
    maxKeys: 3,
  });
  return names
    ? fc
        .uniqueArray(fc.constantFrom(...names))
        .chain((chosen) =>
          fc.record(
            Object.fromEntries(
              chosen.map((name) => [
                name,
                name === 'sources_map' ? fc.dictionary(words, source, { maxKeys: 3 }) : fc.oneof(plain, deep),
              ]),
            ),
          ),
        )
    : deep;
}

const writable = settingsFields.filter(({ access }) => access === 'writable');

/** A settings document with some of the fields, always including the name. */
export const settingsDocuments: fc.Arbitrary<JsonObject> = fc
  .subarray(writable.slice(1))
  .chain((fields) =>
    fc.record(Object.fromEntries([writable[0]!, ...fields].map((field) => [field.key, valueOf(field)]))),
  )
  .map((document) => JSON.parse(JSON.stringify(document)) as JsonObject);

/** Two documents of one environment: the same keys, some values changed. */
export const documentPairs: fc.Arbitrary<readonly [JsonObject, JsonObject]> = settingsDocuments.chain(
  (base) =>
    fc
      .subarray(Object.keys(base))
      .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, valueOf(settingsField(key)!)]))))
      .map((changes) => [base, JSON.parse(JSON.stringify({ ...base, ...changes })) as JsonObject] as const),
);
