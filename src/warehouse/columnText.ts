import { namesText } from '../json/namesText';
import type { ColumnDifference } from './columns';

/** How two states of a table's columns differ, in words. Undefined if they don't. */
export function describeDifference(difference: ColumnDifference): string | undefined {
  const { added, removed, retyped, nowInvalid } = difference;
  const parts = [
    part(
      'added',
      added.map(({ name, type }) => `${name} (${type})`),
    ),
    part(
      'removed',
      removed.map(({ name }) => name),
    ),
    part(
      'retyped',
      retyped.map(({ name, from, to }) => `${name} (${from} → ${to})`),
    ),
    part('now unreadable', nowInvalid),
  ].filter((text) => text !== undefined);
  return parts.length === 0 ? undefined : parts.join('; ');
}

function part(what: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `${what} ${namesText(names)}`;
}
