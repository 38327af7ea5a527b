import { mergedLevels, settingsField, type Generation } from '../settings/catalogue';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, own } from '../json/json';
import type { JsonPath } from '../json/parse';
import { columnPath } from '../warehouse/columns';

/** A changed value. A side is absent if it has no value. */
export interface Change {
  readonly path: JsonPath;
  readonly from: JsonValue | undefined;
  readonly to: JsonValue | undefined;
}

/**
 * The settings that a PATCH changes, value by value.
 *
 * @param theirs the settings document as the server has it now
 * @param body what will be sent; may contain only parts of objects that PostHog merges
 */
export function settingsChanges(theirs: JsonObject, body: JsonObject, generation: Generation): Change[] {
  return Object.entries(body).flatMap(([key, to]) =>
    changesAt([key], own(theirs, key), to, mergedLevels(settingsField(key), generation)),
  );
}

/** What saving a table changes. `columns` has the new types by column. */
export function tableChanges(
  theirs: JsonObject,
  patch: JsonObject,
  columns: Readonly<Record<string, JsonValue>>,
): Change[] {
  const types = own(theirs, 'columns');
  return [
    ...Object.entries(patch).flatMap(([key, to]) => changesAt([key], own(theirs, key), to, 0)),
    ...Object.entries(columns).map(([column, to]) => ({
      path: columnPath(column),
      from: isJsonObject(types) ? own(types, column) : undefined,
      to,
    })),
  ];
}

/** Where two values at a place differ, as deep as objects go. */
export const differences = (
  path: JsonPath,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): readonly Change[] => changesAt(path, from, to, 0);

/** @param merged how many levels of an object are merged; keys left out of those keep their values */
function changesAt(
  path: JsonPath,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
  merged: number,
): Change[] {
  if (jsonEquals(from, to)) {
    return [];
  }
  if (!isJsonObject(from) || !isJsonObject(to)) {
    return [{ path, from, to }];
  }
  const removed = merged > 0 ? [] : Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  return [...Object.keys(to), ...removed].flatMap((key) =>
    changesAt([...path, key], own(from, key), own(to, key), merged - 1),
  );
}
