import { applyEdits, modify } from 'jsonc-parser';
import { formatDocument } from '../../settings/document';
import { isJsonObject, jsonEquals, type JsonObject, type JsonValue, objectOf, own } from '../../json/json';

/**
 * The text after a save: the user's own, except for values that the server stores in another form (`"0.4"` is returned
 * as `"0.40"`). Reformatted if keys are missing, because the catalogue determines their order.
 *
 * @param text the saved text
 * @param mine the same, parsed
 * @param server the document as the server has it
 */
export function textAfterSave(text: string, mine: JsonObject, server: JsonObject): string {
  if (!Object.keys(server).every((key) => Object.hasOwn(mine, key))) {
    return formatDocument(server);
  }
  const differences = differencesOf(mine, server, []);
  const isMany = differences.length > maxDifferences;
  const places = isMany
    ? Object.keys(mine).flatMap((key) => (jsonEquals(mine[key], server[key]) ? [] : [[key]]))
    : differences;
  return places.reduce(
    (result, path) =>
      applyEdits(
        result,
        modify(result, path, valueAt(server, path), {
          formattingOptions: { insertSpaces: true, tabSize: 2 },
        }),
      ),
    text,
  );
}

/** Each one is an edit of the whole text, so beyond this, settings are replaced whole. */
const maxDifferences = 40;

/** Where two versions differ, as deep as objects go, so that everything else keeps its formatting. */
function differencesOf(mine: JsonObject, server: JsonObject, path: readonly string[]): string[][] {
  return [...new Set([...Object.keys(mine), ...Object.keys(server)])].flatMap((key) => {
    const [left, right] = [own(mine, key), own(server, key)];
    if (jsonEquals(left, right)) {
      return [];
    }
    return isJsonObject(left) && isJsonObject(right)
      ? differencesOf(left, right, [...path, key])
      : [[...path, key]];
  });
}

const valueAt = (document: JsonObject, path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((value, key) => own(objectOf(value), key), document);
