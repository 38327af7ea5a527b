import { isJsonObject, type JsonObject, type JsonValue } from '../../src/json/json';
import { parseDocument } from '../../src/json/parse';
import { checkSettings } from '../../src/settings/check';
import { formatDocument } from '../../src/settings/document';
import { settingsJsonSchema } from '../../src/settings/jsonSchema';
import { mergeSettings } from '../../src/settings/merge';
import { planSettings } from '../../src/settings/patch';
import { type Figure, figure, median } from './figure';

const documentBytes = 1_000_000;
/** Indented, this becomes a document of {@link documentBytes}. */
const languageBytes = 720_000;

/** The extension's own work for a settings document of 1 MB. */
export function documentFigures(): Figure[] {
  return [mergeFigure(), languageFigure()];
}

/** Three-way merge and PATCH. */
function mergeFigure(): Figure {
  const base = bigDocument();
  // Copies parsed from three texts: shared parts would be equal without comparing.
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
  return figure('merge and diff of a 1 MB document', median(times), 'ms', 50);
}

/**
 * The extension's part in completion and diagnostics while the user types: parsing the text, checking it against the
 * catalogue with every problem and its fixes, and creating the schema that VS Code completes from.
 */
function languageFigure(): Figure {
  const base = bigDocument(languageBytes);
  const edited = structuredClone(base);
  changeFirst(edited.path_cleaning_filters, 'regex');
  changeLast(edited.test_account_filters, 'key');
  const text = formatDocument({ ...edited, timezone: 'Mars/Base', week_start_day: 7, not_a_setting: 1 });
  if (text.length < documentBytes) {
    throw new Error(`The document that is measured has only ${text.length} characters.`);
  }
  const parts: Record<'parse' | 'check' | 'schema', number[]> = { parse: [], check: [], schema: [] };
  const timed = <T>(part: keyof typeof parts, work: () => T): T => {
    const startedMs = performance.now();
    const result = work();
    parts[part].push(performance.now() - startedMs);
    return result;
  };
  for (let run = 0; run < 21; run += 1) {
    // A different text each time, as when typing.
    const parsed = timed('parse', () => parseDocument(`${text}${' '.repeat(run)}`));
    if (!parsed.ok) {
      throw new Error("The document that is measured can't be parsed.");
    }
    const problems = timed('check', () => checkSettings(parsed, { base, generation: 'current' }));
    timed('schema', () => JSON.stringify(settingsJsonSchema()));
    if (problems.length < 3) {
      throw new Error('The document that is measured has too few problems.');
    }
  }
  const medians = Object.entries(parts).map(([part, times]) => [part, median(times)] as const);
  return figure(
    'completion and diagnostics in a 1 MB document',
    medians.reduce((sum, [, ms]) => sum + ms, 0),
    'ms',
    100,
    medians.map(([part, ms]) => `${part} ${ms.toFixed(1)} ms`),
  );
}

/** Settings with two lists that fill half of the size each, as JSON without white space. */
function bigDocument(size = documentBytes): JsonObject {
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
    for (let bytes = 0, index = 0; bytes < size / 2; index += 1) {
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
