import type { Change } from './changes';
import { isJsonObject, jsonEquals, type JsonValue } from '../json/json';
import { asLines, asText } from '../json/visibleText';
import { maskSecretsAt } from '../settings/document';

/** The setting `posthogEnvironments.save.confirm`. */
export const confirmSettings = ['protected', 'always', 'never'] as const;
export type ConfirmSetting = (typeof confirmSettings)[number];

/** What decides whether a save asks. */
export interface SaveSituation {
  setting: ConfirmSetting;
  isProtected: boolean;
  /** Whether the document is what the person looks at: F5 and build tasks save all the others too. */
  isActive: boolean;
  /** Whether something speaks against what is saved. */
  isDoubtful?: boolean;
}

/** Why a save asks; `undefined`: it does not. */
export function reasonToAsk({
  setting,
  isProtected,
  isActive,
  isDoubtful = false,
}: SaveSituation): string | undefined {
  if (setting === 'never') {
    return undefined;
  }
  if (!isActive) {
    return 'This document is not in the active editor. VS Code saves all documents before debugging, before tasks, and with Save All.';
  }
  return isProtected
    ? 'The environment is protected.'
    : setting === 'always'
      ? 'The setting "posthogEnvironments.save.confirm" asks before every save.'
      : isDoubtful
        ? 'A new column type may not fit the data.'
        : undefined;
}

/** Where a save goes, in the words of the person. */
export interface SavePlace {
  /** `Production`, or `orders in Production`. */
  document: string;
  environment: string;
  /** Scheme, host and port. */
  host: string;
  connection: string;
}

const shownChanges = 12;
const shownItems = 4;
const shownCharacters = 60;

/**
 * What a person is asked before a save.
 *
 * @param doubts what speaks against the changes
 */
export function saveQuestion(
  reason: string,
  place: SavePlace,
  changes: readonly Change[],
  doubts: readonly string[] = [],
): { message: string; detail: string } {
  const more = changes.length - shownChanges;
  return {
    message: asText(
      `Save ${changes.length === 1 ? '1 change' : `${changes.length} changes`} to ${place.document}?`,
    ),
    detail: asLines(
      // Each line by itself: a name with line breaks must not look like another line of ours.
      [
        reason,
        '',
        `Environment: ${place.environment}`,
        `Host: ${place.host}`,
        `Connection: ${place.connection}`,
        '',
        ...changes.slice(0, shownChanges).map(changeText),
        ...(more > 0 ? [`… and ${more} more`] : []),
        ...(doubts.length > 0 ? ['', ...doubts] : []),
      ],
    ),
  };
}

/** What a person is asked before a draft becomes an environment. */
export function createQuestion(
  reason: string,
  place: Omit<SavePlace, 'environment'>,
  changes: readonly Change[],
): { message: string; detail: string } {
  const { message, detail } = saveQuestion(reason, { ...place, environment: 'a new one' }, changes);
  return {
    message: message.replace(/^Save .* to .*$/s, `Create the environment ${place.document}?`),
    detail,
  };
}

/**
 * `timezone: "UTC" → "Asia/Tokyo"`, with what is long cut, but never the difference itself. Secrets are not shown; that
 * they differ is said.
 */
export function changeText({ path, from, to }: Change): string {
  const name = path.map((part) => String(part)).join('.');
  const shown = (value: JsonValue | undefined): JsonValue | undefined =>
    value === undefined ? undefined : maskSecretsAt(path, value);
  const [was, becomes] = [shown(from), shown(to)];
  if (jsonEquals(was, becomes)) {
    return `${name}: ${valueText(was)} → another secret`;
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length + to.length > shownItems) {
    return `${name}: ${listText(from, to, (item) => valueText(shown(item)))}`;
  }
  const [before, after] =
    typeof was === 'string' && typeof becomes === 'string'
      ? cutTogether(was, becomes)
      : [was, becomes].map(valueText);
  return `${name}: ${before} → ${after}`;
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
  return `${from.length} → ${to.length} items: ${parts.length > 0 ? parts.join('; ') : 'another order or number of the same'}`;
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

/** Two texts from shortly before the spot where they part. */
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
