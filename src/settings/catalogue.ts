import { captureFields } from './fields/capture';
import type { Generation, SettingsField } from './fields/field';
import type { SettingsGroupId } from './groups';
import { generalFields } from './fields/general';
import { productFields } from './fields/products';
import { readonlyFields } from './fields/readonly';
import { replayFields } from './fields/replay';

export type {
  FieldAccess,
  FieldText,
  Generation,
  PatchMode,
  SettingsField,
  WriteAccess,
} from './fields/field';
export { settingsGroups, type SettingsGroup, type SettingsGroupId } from './groups';

/**
 * Every field of the environment object in the order of a settings document: `name` first, group by group, then the
 * fields that are never in one. A record holds everything known about its field (API facts 4.3, 4.4, 4.5, 4.8, 9.1), so
 * code asks the record, never the key.
 */
export const settingsFields: readonly SettingsField[] = [
  ...generalFields,
  ...captureFields,
  ...replayFields,
  ...productFields,
  ...readonlyFields,
];

const byKey: ReadonlyMap<string, SettingsField> = new Map(settingsFields.map((one) => [one.key, one]));

/** The field with this key of the API, or undefined if the catalogue doesn't know it. */
export function settingsField(key: string): SettingsField | undefined {
  return byKey.get(key);
}

/** The section of PostHog's settings page that shows most settings of a group, if any does (API facts 4.10). */
export function sectionOfGroup(id: SettingsGroupId): string | undefined {
  const counts = new Map<string, number>();
  for (const { group, section } of settingsFields) {
    if (group === id && section !== undefined) {
      counts.set(section, (counts.get(section) ?? 0) + 1);
    }
  }
  return [...counts].reduce<readonly [string | undefined, number]>(
    (most, one) => (one[1] > most[1] ? one : most),
    [undefined, 0],
  )[0];
}

/** How many levels of a field's object PATCH merges, so that what is left out stays. 0 if it replaces the object. */
export const mergedLevels = (field: SettingsField | undefined, generation: Generation): number =>
  field?.patchMode(generation) === 'merge' ? (field.mergeDepth ?? 1) : 0;
