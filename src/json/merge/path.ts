import { isJsonObject, jsonEquals, type JsonValue, own } from '../json';
import type { JsonPath } from '../parse';

/** An item of an array, found by the one value that tells it from the others: its index is another one on each side. */
export interface ItemStep {
  readonly key: string;
  readonly is: JsonValue;
}

/** Where something is in each of several versions of a document: keys of objects, and items of arrays. */
export type MergePath = readonly (string | ItemStep)[];

/** A path as a person reads it: `path_cleaning_filters["/user/:id"].regex`. */
export function pathText(path: MergePath): string {
  return path
    .map((step, index) =>
      typeof step === 'string' ? `${index === 0 ? '' : '.'}${step}` : `[${JSON.stringify(step.is)}]`,
    )
    .join('');
}

/** Whether two paths lead to the same place. */
export const samePath = (left: MergePath, right: MergePath): boolean =>
  left.length === right.length && JSON.stringify(left) === JSON.stringify(right);

/**
 * The path in one version of a document, with indexes; as far as it leads where the rest is not there.
 *
 * @returns `found`: whether all of it is there
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
