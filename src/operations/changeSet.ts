import type { EnvironmentRef } from '../posthog/models';
import type { Generation } from '../settings/catalogue';
import { planSettings } from '../settings/patch';
import type { JsonObject } from '../json/json';
import type { DocumentProblem, JsonPath, TextSpan } from '../json/parse';
import { planTable, type ColumnUpdates } from '../warehouse/table';
import { settingsChanges, tableChanges, type Change } from './changes';

/** Changes that are planned, reviewed, applied, and verified together. */
export type ChangeSet = SettingsChangeSet | TableChangeSet;

interface Planned {
  readonly environment: EnvironmentRef;
  readonly generation: Generation;
  /** What the server had when the user started. */
  readonly base: JsonObject;
  /** What the server should have. */
  readonly mine: JsonObject;
  readonly changes: readonly Change[];
  /** Why it can't be applied as it is, and warnings. */
  readonly problems: readonly DocumentProblem[];
  /** Keys of the base that were removed from the document: PostHog keeps their values. */
  readonly missing: readonly string[];
}

/** Changes of an environment's settings. */
export interface SettingsChangeSet extends Planned {
  readonly kind: 'environment';
  /** The PATCH: only what changed. */
  readonly body: JsonObject;
}

/** Changes of a warehouse table: one part for PATCH, and column types for `update_schema`. */
export interface TableChangeSet extends Planned {
  readonly kind: 'table';
  readonly tableId: string;
  readonly patch: JsonObject;
  readonly updates: ColumnUpdates;
}

/** Two states of the same thing, from which the changes are planned. */
export interface States {
  readonly environment: EnvironmentRef;
  readonly generation: Generation;
  readonly base: JsonObject;
  readonly mine: JsonObject;
  /** Finds paths in a text, for problems. Without it, problems are at the start. */
  readonly locate?: ((path: JsonPath) => TextSpan) | undefined;
}

/** Plans the changes from the base to the wanted settings. */
export function planSettingsChanges({
  environment,
  generation,
  base,
  mine,
  locate,
}: States): SettingsChangeSet {
  const { body, problems, missing } = planSettings(base, mine, generation, locate);
  const changes = settingsChanges(base, body, generation);
  return { kind: 'environment', environment, generation, base, mine, body, changes, problems, missing };
}

/** Plans the changes from the base to the wanted table. */
export function planTableChanges(
  { environment, generation, base, mine }: States,
  tableId: string,
): TableChangeSet {
  const { patch, updates, missing } = planTable(base, mine);
  const changes = tableChanges(base, patch, updates);
  const planned = { environment, generation, base, mine, changes, problems: [], missing };
  return { kind: 'table', ...planned, tableId, patch, updates };
}
