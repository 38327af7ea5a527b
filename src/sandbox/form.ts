import { invalid } from './errors';
import { parseJson, setKey } from './json';
import type { JsonObject, JsonValue } from './json';

/** Form fields as sent: every value of every name, in order. */
export type Form = ReadonlyMap<string, readonly string[]>;

/**
 * How a field reads its form values, as Django REST framework does: a list takes all values, a JSON field parses its
 * string, a nested serializer takes dotted names (`credential.access_key`), anything else takes the last value.
 */
export type FormKind = 'list' | 'json' | 'nested';

/** What an empty string becomes: null, nothing (as if it wasn't sent), or an empty string. */
export type EmptyText = 'null' | 'unset' | 'text';

/** The fields of a body that need more than their last value. Sub-fields have dotted names. */
export interface FormShape {
  kindOf(name: string): FormKind | undefined;
  emptyOf?(name: string): EmptyText;
}

const PLAIN: FormShape = { kindOf: () => undefined };

/** Collects the pairs of a form or multipart body. */
export function formOf(pairs: Iterable<readonly [string, string]>): Form {
  const form = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    form.set(name, [...(form.get(name) ?? []), value]);
  }
  return form;
}

/**
 * A form as the equivalent JSON body (API facts 1.8).
 *
 * @throws 400 with the field as `attr` if a JSON field doesn't hold JSON
 */
export function formBody(form: Form, shape: FormShape = PLAIN): JsonObject {
  const body: JsonObject = {};
  const nested = new Map<string, JsonObject>();
  for (const [name, values] of form) {
    const [parent, child] = splitOnce(name);
    if (child !== undefined && shape.kindOf(parent) === 'nested') {
      const group = nested.get(parent) ?? {};
      nested.set(parent, group);
      const inner = formValue(name, values, shape);
      if (inner !== undefined) {
        setKey(group, child, inner);
      }
      continue;
    }
    const value = formValue(name, values, shape);
    if (value !== undefined) {
      setKey(body, name, value);
    }
  }
  for (const [name, group] of nested) {
    setKey(body, name, group);
  }
  return body;
}

function splitOnce(name: string): [string, string?] {
  const dot = name.indexOf('.');
  return dot > 0 && dot < name.length - 1 ? [name.slice(0, dot), name.slice(dot + 1)] : [name];
}

function formValue(name: string, values: readonly string[], shape: FormShape): JsonValue | undefined {
  const last = values.at(-1) ?? '';
  switch (shape.kindOf(name)) {
    case 'list':
      return [...values];
    case 'json':
      return jsonText(name, last);
    case 'nested':
      // A nested serializer reads dotted names only.
      return undefined;
    case undefined:
      break;
  }
  if (last !== '') {
    return last;
  }
  const empty = shape.emptyOf?.(name) ?? 'text';
  return empty === 'null' ? null : empty === 'unset' ? undefined : '';
}

function jsonText(name: string, text: string): JsonValue {
  try {
    return parseJson(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw invalid('Value must be valid JSON.', name.replaceAll('.', '__'));
    }
    throw error;
  }
}
