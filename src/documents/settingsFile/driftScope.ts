import type { EnvironmentPlan, PlannedEnvironment } from '../../operations/settingsFile/planEnvironment';

/** A part of a settings file: certain environments and settings. */
export interface DriftScope {
  /** The file. */
  readonly uri: string;
  /** Names of environments; absent for all. */
  readonly environments?: readonly string[];
  /** Settings; absent for all. */
  readonly keys?: readonly string[];
}

/** The settings that drift, in the order of the plan. */
export const driftingKeys = ({ set }: PlannedEnvironment): readonly string[] => [
  ...new Set(set.changes.map(({ path }) => String(path[0]))),
];

/** How many settings drift in all environments. */
export const driftCount = (plans: readonly EnvironmentPlan[]): number =>
  plans.reduce((sum, plan) => sum + (plan.kind === 'planned' ? driftingKeys(plan).length : 0), 0);

/** The scopes of command arguments: rows and groups of the Source Control view are VS Code's objects. */
const scopes = new WeakMap<object, DriftScope>();

export const giveScope = <T extends object>(target: T, scope: DriftScope): T => {
  scopes.set(target, scope);
  return target;
};

/** The scope of a command's argument; `undefined` if it isn't one of ours. */
export function scopeOf(target: unknown): DriftScope | undefined {
  if (typeof target !== 'object' || target === null) {
    return undefined;
  }
  const known = scopes.get(target);
  if (known) {
    return known;
  }
  const { uri, environments, keys } = target as Partial<Record<keyof DriftScope, unknown>>;
  const isNames = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof uri === 'string'
    ? { uri, ...(isNames(environments) && { environments }), ...(isNames(keys) && { keys }) }
    : undefined;
}
