import { isJsonObject, type JsonObject, type JsonValue } from '../../src/json/json';
import { mergeSettings } from '../../src/settings/merge';
import { planSettings } from '../../src/settings/patch';
import { type Figure, figure, median } from './figure';

const documentBytes = 1_000_000;

/** Three-way merge and PATCH of a settings document of 1 MB. */
export function documentFigures(): Figure[] {
  const base = bigDocument();
  // Copies, as three texts that were parsed: shared parts would be equal at a glance.
  const mine = structuredClone(base);
  mine.name = 'mine';
  changeLast(mine.test_account_filters, 'key');
  const theirs = structuredClone(base);
  theirs.timezone = 'Europe/Paris';
  changeLast(theirs.path_cleaning_filters, 'regex');
  // Both lists are merged item by item.
  changeFirst(mine.path_cleaning_filters, 'regex');
  changeFirst(theirs.test_account_filters, 'value');
  const times: number[] = [];
  for (let run = 0; run < 21; run += 1) {
    const startedMs = performance.now();
    const { merged, conflicts } = mergeSettings({ base, mine, theirs });
    const { body } = planSettings(theirs, merged, 'current');
    times.push(performance.now() - startedMs);
    if (conflicts.length > 0 || Object.keys(body).length === 0) {
      throw new Error('The documents that are measured do not merge as they should.');
    }
  }
  return [figure('merge and diff of a 1 MB document', median(times), 'ms', 50)];
}

/** Settings whose lists of filters fill half a megabyte each. */
function bigDocument(): JsonObject {
  const filter = (index: number) => ({
    key: `property_${index}`,
    type: 'person',
    value: [`value ${index}`, `another value ${index}`],
    operator: 'is_not',
  });
  const cleaning = (index: number) => ({
    alias: `/page/${index}/<id>`,
    regex: `^/page/${index}/[0-9a-f-]{36}$`,
  });
  const fill = (entry: (index: number) => JsonObject): JsonObject[] => {
    const entries: JsonObject[] = [];
    for (let bytes = 0, index = 0; bytes < documentBytes / 2; index += 1) {
      const next = entry(index);
      bytes += JSON.stringify(next).length + 1;
      entries.push(next);
    }
    return entries;
  };
  return {
    name: 'base',
    timezone: 'UTC',
    test_account_filters: fill(filter),
    path_cleaning_filters: fill(cleaning),
  };
}

function changeLast(list: JsonValue | undefined, key: string): void {
  change(Array.isArray(list) ? list.at(-1) : undefined, key);
}

function changeFirst(list: JsonValue | undefined, key: string): void {
  change(Array.isArray(list) ? list[0] : undefined, key);
}

function change(item: JsonValue | undefined, key: string): void {
  if (!isJsonObject(item)) {
    throw new Error('The document that is measured has no such list.');
  }
  item[key] = 'changed';
}
