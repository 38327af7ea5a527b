import type { Stop } from '../../posthog/errors';
import { list, sentences } from './sentences';
import { cantBeUndone } from './writes';

/** For an environment that was created. */
export const isCreated = (name: string): string => `Created "${name}".`;

/** For an environment that was deleted. */
export const isDeletedEnvironment = (name: string): string => `"${name}" was deleted.`;

/** For an environment that stays. */
export const isDeletionCanceled = (name: string): string =>
  `The deletion of "${name}" was canceled in PostHog.`;

/** For an environment that was already gone. */
export const isGoneAlready = (name: string): string => `"${name}" no longer exists. Someone deleted it.`;

export const isNotDeleted = (name: string): string => `"${name}" wasn't deleted.`;

export const notDeleted = 'Checked again: PostHog still has it.';

export const couldNotConfirmDeletion = (name: string): string =>
  `Couldn't confirm whether "${name}" is being deleted.`;

/** For an environment that, when checked, PostHog had not started to delete. */
export const stillThere = `${notDeleted} Try again.`;

export const refreshToSee = 'Refresh the list when PostHog is reachable.';

/** For documents of something that is gone. */
export const unsavedTextStays = (names: readonly string[]): string =>
  names.length === 0 ? '' : `Unsaved changes stay open in ${list(names)}, but can no longer be saved.`;

const cancelUntilThen = 'Until then, you can cancel the deletion in PostHog.';

/** For an environment whose deletion PostHog has scheduled. */
export const willBeDeleted = (name: string, when: string): string =>
  `PostHog will delete "${name}" on ${when}. ${cancelUntilThen}`;

/** Whether a deletion can still be canceled. */
export const finalityText: Readonly<Record<'final' | 'scheduled' | 'perhaps', string>> = {
  final: cantBeUndone,
  scheduled: `PostHog waits 48 hours before it deletes a project that has data. ${cancelUntilThen}`,
  perhaps:
    "If this server schedules deletions, you can cancel in PostHog until then. Otherwise, this can't be undone.",
};

export const nothingCreated = 'Nothing was created.';

/** For an environment that an earlier attempt turned out to have created. */
export const createdAtFirst = (name: string): string =>
  `PostHog had already created "${name}" at the first attempt, so nothing was sent again.`;

export const createdUnread = (id: number): string =>
  `Environment ${id} was created but couldn't be read. Save again when PostHog is reachable.`;

/** For a creation without a usable response, if a check found nothing. */
export const noNewEnvironment = (name: string, doubt?: Stop): string =>
  `${sentences(doubt?.what ?? '', 'Checked again:')} there is no new environment "${name}" yet. Save again in a moment: PostHog is checked first, so it won't be created twice.`;

export const couldNotConfirmCreation = (name: string): string =>
  `Couldn't confirm whether "${name}" was created. Save again when PostHog is reachable: PostHog is checked first, so it won't be created twice.`;

/** If something was renamed after the user was asked about it. */
export const renamedMeanwhile =
  'Someone renamed it in the meantime. Press Esc and refresh the list to see its current name.';
