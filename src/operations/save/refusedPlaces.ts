import { restate, type Stop } from '../../posthog/errors';
import { keysNamedIn } from '../../posthog/reasons';
import { isJsonObject, type JsonObject, type JsonValue, objectOf, own } from '../../json/json';
import type { DocumentProblem, JsonPath, ValidDocument } from '../../json/parse';
import { rejectedValues } from '../phrases/saving';

/** A document of which something was sent. */
export interface Sent {
  readonly document: JsonObject;
  /** The part of it that was sent. */
  readonly body: JsonObject;
}

/** `person_display_name_properties[0]`, `modifiers.bounceRateDurationSeconds`. */
export function pathName(path: JsonPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

/** A mark at a position in a document. */
export function problemAt(
  { locate }: ValidDocument,
  path: JsonPath,
  message: string,
  code = 'refused',
): DocumentProblem {
  return { path, ...locate(path), severity: 'error', code, message };
}

/** The paths that a refusal is about: its `attr`, or else the sent values named in its message. */
export function refusedPaths(error: Stop, { document, body }: Sent): readonly JsonPath[] {
  if (error.attr !== undefined) {
    const isSent = error.kind !== 'conflict' || Object.hasOwn(body, error.attr);
    return isSent ? [pathOf(error.attr, document, body)] : [];
  }
  const sent = Object.keys(body);
  if (error.kind !== 'validation' && error.kind !== 'forbidden') {
    return [];
  }
  const named = keysNamedIn(error, sent);
  return (named.length === 0 && error.kind === 'validation' && sent.length === 1 ? sent : named).map(
    (key) => [key],
  );
}

/** The refusal with the names of the values it is about. */
export function named(error: Stop, names: readonly string[]): Stop {
  return error.kind === 'validation' && names.length > 0 ? restate(error, rejectedValues(names)) : error;
}

/**
 * An `attr` as a path (API facts 1.5): `a__b__0`. A key can contain two underscores itself, and a server may name a
 * part of a setting without the setting.
 */
function pathOf(attr: string, document: JsonObject, body: JsonObject): JsonPath {
  const parts = attr.split('__');
  const [first = ''] = parts;
  const owner = Object.hasOwn(document, first)
    ? undefined
    : Object.keys(body).find((key) => Object.hasOwn(objectOf(body[key]), first));
  const path: (string | number)[] = [];
  let value: JsonValue | undefined = document;
  let rest = owner === undefined ? parts : [owner, ...parts];
  while (rest.length > 0) {
    let taken = 1;
    if (isJsonObject(value)) {
      const object: JsonObject = value;
      const known = rest.findLastIndex((_, end) => Object.hasOwn(object, rest.slice(0, end + 1).join('__')));
      taken = Math.max(known + 1, 1);
    }
    const name = rest.slice(0, taken).join('__');
    const isIndex = Array.isArray(value) && /^\d+$/.test(name);
    path.push(isIndex ? Number(name) : name);
    value = Array.isArray(value) ? value[Number(name)] : own(objectOf(value), name);
    rest = rest.slice(taken);
  }
  return path;
}
