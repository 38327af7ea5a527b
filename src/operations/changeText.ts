import { isJsonObject, jsonEquals, type JsonValue } from '../json/json';
import { maskSecretsAt } from '../settings/document';
import { briefValue, type ChangedSpot } from '../settings/walk';
import type { Change } from './changes';

const shownItems = 4;
const shownCharacters = 60;

/**
 * `timezone: "UTC" → "Asia/Tokyo"`. Long values are shortened, but never their difference. Secrets aren't shown, only
 * that they differ.
 */
export const changeText = (change: Change): string =>
  `${change.path.map(String).join('.')}: ${changedValues(change)}`;

/** The values of {@link changeText}, without the name. */
export function changedValues({ path, from, to }: Change): string {
  const shown = (value: JsonValue | undefined): JsonValue | undefined =>
    value === undefined ? undefined : maskSecretsAt(path, value);
  const [was, becomes] = [shown(from), shown(to)];
  if (jsonEquals(was, becomes)) {
    return `${valueText(was)} → a different secret`;
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length + to.length > shownItems) {
    return listText(from, to, (item) => valueText(shown(item)));
  }
  const [before, after] =
    typeof was === 'string' && typeof becomes === 'string'
      ? cutTogether(was, becomes)
      : [was, becomes].map(valueText);
  return `${before} → ${after}`;
}

/** One side of a change, shortened to a line. Secrets are dots. */
export const sideText = (path: Change['path'], value: JsonValue | undefined): string =>
  valueText(value === undefined ? undefined : maskSecretsAt(path, value));

const maskedWas = ({ entry, was }: ChangedSpot): JsonValue | undefined =>
  was === undefined ? undefined : maskSecretsAt(entry.path, was);

/** PostHog's value if the document has a different one, for the end of the line. Secrets are dots. */
export function wasText(spot: ChangedSpot): string {
  const was = maskedWas(spot);
  return was === undefined ? '← not in PostHog' : `← PostHog has ${briefValue(was)}`;
}

/** PostHog's whole value, if any. Secrets are dots. */
export function wasValueText(spot: ChangedSpot): string | undefined {
  const was = maskedWas(spot);
  return was === undefined ? undefined : JSON.stringify(was, null, 2);
}

function listText(
  from: readonly JsonValue[],
  to: readonly JsonValue[],
  itemText: (item: JsonValue) => string,
): string {
  const without = (items: readonly JsonValue[], others: readonly JsonValue[]): JsonValue[] =>
    items.filter((item) => !others.some((other) => jsonEquals(item, other)));
  const part = (verb: string, items: readonly JsonValue[]): string[] =>
    items.length === 0
      ? []
      : [
          `${verb} ${items.slice(0, shownItems).map(itemText).join(', ')}${
            items.length > shownItems ? ` and ${items.length - shownItems} more` : ''
          }`,
        ];
  const parts = [...part('adds', without(to, from)), ...part('removes', without(from, to))];
  return `${from.length} → ${to.length} items: ${parts.length > 0 ? parts.join('; ') : 'only the order or the number of duplicates differs'}`;
}

function valueText(value: JsonValue | undefined): string {
  if (value === undefined) {
    return '(none)';
  }
  if (Array.isArray(value) && value.length > shownItems) {
    return `[${value.slice(0, shownItems).map(valueText).join(', ')}, … ${value.length - shownItems} more]`;
  }
  const keys = isJsonObject(value) ? Object.keys(value).length : 0;
  const text = JSON.stringify(value);
  return text.length <= shownCharacters
    ? text
    : `${text.slice(0, shownCharacters)}… (${keys > 0 ? `${keys} keys` : `${text.length} characters`})`;
}

/** Two texts, starting shortly before their first difference. */
function cutTogether(from: string, to: string): [string, string] {
  let same = 0;
  while (same < from.length && from[same] === to[same]) {
    same += 1;
  }
  const start = Math.max(from.length, to.length) > shownCharacters ? Math.max(0, same - 10) : 0;
  const cut = (text: string): string => {
    const end = start + shownCharacters;
    const rest = text.length > end ? `… (${text.length} characters)` : '';
    return `${start > 0 ? '…' : ''}${JSON.stringify(text.slice(start, end))}${rest}`;
  };
  return [cut(from), cut(to)];
}
