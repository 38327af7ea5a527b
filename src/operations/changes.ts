import { mergedLevels, settingsField, type Generation } from '../settings/catalogue';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, own } from '../json/json';
import type { JsonPath } from '../json/parse';

/** One value that is to become another. An absent side: there is none. */
export interface Change {
  readonly path: JsonPath;
  readonly from: JsonValue | undefined;
  readonly to: JsonValue | undefined;
}

/**
 * What a PATCH of settings changes, value by value.
 *
 * @param theirs the settings document as the server has it now
 * @param body what is to be sent: of objects that PostHog merges, possibly only parts
 */
export function settingsChanges(theirs: JsonObject, body: JsonObject, generation: Generation): Change[] {
  return Object.entries(body).flatMap(([key, to]) =>
    changesAt([key], own(theirs, key), to, mergedLevels(settingsField(key), generation)),
  );
}

/** What a save of a table changes. `columns` are the types that are to become others, by column. */
export function tableChanges(
  theirs: JsonObject,
  patch: JsonObject,
  columns: Readonly<Record<string, JsonValue>>,
): Change[] {
  const types = own(theirs, 'columns');
  return [
    ...Object.entries(patch).flatMap(([key, to]) => changesAt([key], own(theirs, key), to, 0)),
    ...Object.entries(columns).map(([column, to]) => ({
      path: ['columns', column],
      from: isJsonObject(types) ? own(types, column) : undefined,
      to,
    })),
  ];
}

/** @param merged how many levels of an object are merged, so that what is left out stays */
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
