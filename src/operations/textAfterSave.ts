import { applyEdits, modify } from 'jsonc-parser';
import { formatDocument } from '../settings/document';
import { jsonEquals, type JsonObject } from '../json/json';

/**
 * The text after a save: the person's own, with only those values replaced that the server holds in another form
 * (`"0.4"` comes back as `"0.40"`). Rendered anew where keys are missing, because their place is the catalogue's.
 *
 * @param text what was saved
 * @param mine the same, parsed
 * @param server the document as the server has it
 */
export function textAfterSave(text: string, mine: JsonObject, server: JsonObject): string {
  if (!Object.keys(server).every((key) => Object.hasOwn(mine, key))) {
    return formatDocument(server);
  }
  let result = text;
  for (const key of Object.keys(mine)) {
    if (!jsonEquals(mine[key], server[key])) {
      result = applyEdits(
        result,
        modify(result, [key], server[key], { formattingOptions: { insertSpaces: true, tabSize: 2 } }),
      );
    }
  }
  return result;
}
