import { isJsonObject, jsonEquals, own, type JsonObject, type JsonValue } from './json';
import type { JsonPath, ProblemFix } from './parse';

/** A fix that removes a key. */
export const removeFix = (path: JsonPath): ProblemFix => ({
  title: `Remove "${nameOf(path)}"`,
  steps: [{ kind: 'remove', path }],
});

/** A fix that sets a value. */
export const setFix = (path: JsonPath, value: JsonValue, title = changeTitle(value)): ProblemFix => ({
  title,
  steps: [{ kind: 'set', path, value }],
});

const changeTitle = (value: JsonValue): string =>
  value === null ? 'Set to null' : `Change to ${JSON.stringify(value)}`;

/** A fix that renames a key. */
export const renameFix = (path: JsonPath, to: string): ProblemFix => ({
  title: `Change to "${to}"`,
  steps: [{ kind: 'rename', path, to }],
});

/**
 * A fix that restores what PostHog had when the document was opened: at the path, or at the nearest key above it that
 * has changed. Array items can't be matched one by one, so their whole array is restored.
 *
 * @returns `undefined` if nothing has changed
 */
export function undoFix(path: JsonPath, mine: JsonObject, base: JsonObject): ProblemFix | undefined {
  const index = path.findIndex((key) => typeof key === 'number');
  const keys = index < 0 ? path : path.slice(0, index);
  let [before, now]: [JsonValue | undefined, JsonValue | undefined] = [base, mine];
  for (const [depth, key] of keys.entries()) {
    const wasThere = isJsonObject(before) && Object.hasOwn(before, key);
    before = isJsonObject(before) ? own(before, String(key)) : undefined;
    now = isJsonObject(now) ? own(now, String(key)) : undefined;
    const at = keys.slice(0, depth + 1);
    if (!wasThere || before === undefined) {
      return now === undefined ? undefined : removeFix(at);
    }
    if (depth === keys.length - 1 || !isJsonObject(before) || !isJsonObject(now)) {
      return jsonEquals(before, now) ? undefined : setFix(at, before, `Undo my change to "${nameOf(at)}"`);
    }
  }
  return undefined;
}

const nameOf = (path: JsonPath): string => String(path.at(-1) ?? '');
