import { isJsonObject, jsonEquals, type JsonValue, own } from '../json';
import type { JsonPath } from '../parse';

/** An array item, found by its identifying value, because its index may differ between versions. */
export interface ItemStep {
  readonly key: string;
  readonly is: JsonValue;
}

/** A place in several versions of a document: object keys and array items. */
export type MergePath = readonly (string | ItemStep)[];

/** A path for the user: `path_cleaning_filters["/user/:id"].regex`. */
export function pathText(path: MergePath): string {
  return path
    .map((step, index) =>
      typeof step === 'string' ? `${index === 0 ? '' : '.'}${step}` : `[${JSON.stringify(step.is)}]`,
    )
    .join('');
}

/** The keys that lead to a place, up to the first array item on the way. */
export function keysOf(path: MergePath): readonly string[] {
  const end = path.findIndex((step) => typeof step !== 'string');
  return path.slice(0, end < 0 ? path.length : end).map(String);
}

/** Whether two paths refer to the same place: in several versions of a document, or in one. */
export const samePath = <Path extends MergePath | JsonPath>(left: Path, right: Path): boolean =>
  left.length === right.length && JSON.stringify(left) === JSON.stringify(right);

/**
 * The path in one version of a document, with indexes, as far as it exists.
 *
 * @returns `found`: whether all of it exists
 */
export function pathIn(document: JsonValue, path: MergePath): { path: JsonPath; found: boolean } {
  const result: (string | number)[] = [];
  let value: JsonValue | undefined = document;
  for (const step of path) {
    let next: string | number = -1;
    if (typeof step === 'string') {
      next = step;
      value = isJsonObject(value) ? own(value, step) : undefined;
    } else if (Array.isArray(value)) {
      next = value.findIndex((item) => isJsonObject(item) && jsonEquals(own(item, step.key), step.is));
      value = value[next];
    } else {
      value = undefined;
    }
    if (value === undefined) {
      return { path: result, found: false };
    }
    result.push(next);
  }
  return { path: result, found: true };
}
