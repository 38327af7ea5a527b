import type { JsonPath } from './parse';

/** A path with the indexes of items, as a user reads it: `test_account_filters[0].value`. */
export const pathName = (path: JsonPath): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
