import { list } from './sentences';

/** For all environments of a plan. */
export const allApplied = 'All planned changes were applied.';

/** For a response that differs from the rehearsal. */
export const rehearsalDiffered = {
  accepted: 'PostHog accepted this, although the rehearsal rejected it.',
  refused: 'In the rehearsal, PostHog would have accepted this.',
} as const;

/** For an environment to which nothing is copied. @param where the environment */
export const nothingCopied = (where: string): string => `${where}: nothing is copied to it.`;

/** For an environment that already has everything that would be copied. */
export const needsNoChanges = (where: string): string => `${where} doesn't need any changes.`;

/** For changes that were planned or proposed, but can't be applied. */
export const cantBeChangedAs = (name: string, how: 'planned' | 'proposed'): string =>
  `${name} can't be changed as ${how}.`;

/** For changes that were planned before someone else changed the same settings. */
export const changedSincePlanned = (names: readonly string[], environment: string): string =>
  `Someone changed ${list(names)} in ${environment} after this was planned.`;

export const planAgain = 'Plan again to see the current values.';

/** For settings that a settings file makes read-only. */
export const readOnlyInFile = (name: string): string => `The settings file says that ${name} is read-only.`;
