import { invalid } from '../errors';
import { cloneJson, isJsonObject, setKey } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { newToken } from '../ids';
import type { FieldContext } from './context';
import { CONFIG_DEFAULTS, FIELDS, NEWER_CONFIG_DEFAULTS, hasField } from './fields';
import type { Field } from './fields';
import { boolean, nullRefused } from './primitives';

const ACCESS_CONTROL_DEPRECATED =
  "The 'access_control' field has been deprecated and is no longer supported. " +
  'Please use the new access control system instead. ' +
  'For more information, visit: https://posthog.com/docs/settings/access-control';

/**
 * Validates a whole body and returns the values to store, or throws the first error in field order. Nothing is stored
 * here, so a rejected body is never applied in part (API facts 4.4).
 *
 * @param reduced `/api/projects/:id/` on documented servers, which ignores unknown fields
 */
export function readChanges(
  body: JsonObject,
  context: FieldContext,
  options: { reduced: boolean },
): Map<string, JsonValue> {
  const changes = new Map<string, JsonValue>();
  for (const field of FIELDS) {
    const value = Object.hasOwn(body, field.name) ? body[field.name] : undefined;
    if (value === undefined || !isWritable(field, context, options.reduced)) {
      continue;
    }
    if (field.name === 'access_control') {
      if (value !== null) {
        throw invalid(ACCESS_CONTROL_DEPRECATED, 'access_control');
      }
      continue;
    }
    const read = readValue(field, value, context);
    if (read !== undefined) {
      changes.set(field.name, merged(field, read, context));
    }
  }
  applyConversations(changes, context);
  return changes;
}

function isWritable(field: Field, context: FieldContext, reduced: boolean): boolean {
  return (
    field.read !== undefined && hasField(field, context.generation) && !(reduced && field.environmentsOnly)
  );
}

/** The validated value; undefined for a null that has no effect. */
function readValue(field: Field, value: JsonValue, context: FieldContext): JsonValue | undefined {
  if (value === null) {
    if (field.name === 'autocapture_exceptions_errors_to_ignore') {
      return field.read?.(value, field.name, context);
    }
    if (!field.nullable) {
      throw nullRefused(field.name);
    }
    const rule = field.merge(context.generation);
    if (rule !== 'partial' && rule !== 'marketing') {
      return null;
    }
    if (context.generation === 'current') {
      throw nullRefused(field.name);
    }
    return undefined;
  }
  if (value === '' && field.nullable && field.name === 'business_model') {
    return '';
  }
  if (field.read === boolean && field.nullable && isNullWord(value)) {
    return null;
  }
  return field.read?.(value, field.name, context);
}

/** DRF BooleanField: strings that mean null where null is allowed. */
function isNullWord(value: JsonValue): boolean {
  return typeof value === 'string' && /^(?:null)?$/i.test(value);
}

function merged(field: Field, value: JsonValue, context: FieldContext): JsonValue {
  const before = context.stored[field.name];
  if (value === null || !isJsonObject(value)) {
    return cloneJson(value);
  }
  const newer = context.generation === 'current' ? NEWER_CONFIG_DEFAULTS[field.name] : {};
  const defaults = { ...CONFIG_DEFAULTS[field.name], ...newer };
  switch (field.merge(context.generation)) {
    case 'replace':
      return cloneJson(value);
    case 'shallow':
      return shallow(isJsonObject(before) ? before : {}, value);
    case 'replay':
      return replay(isJsonObject(before) ? before : {}, value);
    case 'partial':
      return shallow({ ...defaults, ...(isJsonObject(before) ? before : {}) }, value);
    case 'marketing':
      return marketing({ ...defaults, ...(isJsonObject(before) ? before : {}) }, value, context);
  }
}

function shallow(before: JsonObject, changes: JsonObject): JsonObject {
  const result = cloneJson(before);
  for (const [key, value] of Object.entries(changes)) {
    setKey(result, key, cloneJson(value));
  }
  return result;
}

/** Merges top-level keys, and one level inside a dictionary; replaces lists and deeper dictionaries. */
function replay(before: JsonObject, changes: JsonObject): JsonObject {
  const result = cloneJson(before);
  for (const [key, value] of Object.entries(changes)) {
    const old = Object.hasOwn(result, key) ? result[key] : undefined;
    setKey(result, key, isJsonObject(old) && isJsonObject(value) ? shallow(old, value) : cloneJson(value));
  }
  return result;
}

/** Merges `sources_map` per source; newer servers remove a source whose value is null. */
function marketing(before: JsonObject, changes: JsonObject, context: FieldContext): JsonObject {
  const result = shallow(before, changes);
  const sources = changes.sources_map;
  if (!isJsonObject(sources)) {
    return result;
  }
  const map = shallow(isJsonObject(before.sources_map) ? before.sources_map : {}, sources);
  if (context.generation === 'current') {
    for (const [source, value] of Object.entries(map)) {
      if (value === null) {
        Reflect.deleteProperty(map, source);
      }
    }
  }
  result.sources_map = map;
  return result;
}

/** Turning conversations on creates a public widget token; turning them off clears it. */
function applyConversations(changes: Map<string, JsonValue>, context: FieldContext): void {
  if (!changes.has('conversations_enabled')) {
    return;
  }
  const enabled = changes.get('conversations_enabled') === true;
  const current = changes.get('conversations_settings') ?? context.stored.conversations_settings ?? null;
  const settings: JsonObject = isJsonObject(current) ? cloneJson(current) : {};
  if (enabled) {
    settings.widget_public_token ??= newToken('widget_sandbox');
    changes.set('conversations_settings', settings);
  } else if (isJsonObject(current)) {
    settings.widget_public_token = null;
    changes.set('conversations_settings', settings);
  }
}
