import { jsonEquals } from '../../json/json';
import { samePath } from '../../json/merge/path';
import type { Change } from '../changes';

/**
 * What a user consents to when they answer a review, from the weakest kind to the strongest. An answer to one kind
 * never covers a stronger one.
 */
export const consents = ['ordinary', 'risky', 'protected', 'irreversible'] as const;
export type Consent = (typeof consents)[number];

/** The kind of consent that changes to an environment need. */
export const consentOf = (isProtected: boolean, isRisky: boolean): Consent =>
  isProtected ? 'protected' : isRisky ? 'risky' : 'ordinary';

/** Whether an answer to one kind of consent also covers another. */
const covers = (given: Consent, needed: Consent): boolean =>
  consents.indexOf(given) >= consents.indexOf(needed);

/** What the user saw in a review and consented to. */
export interface Consented {
  readonly consent: Consent;
  readonly changes: readonly Change[];
  /** Warnings and rehearsal results, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Whether an answer to a review also covers what would be sent now: no stronger kind of consent, no change that wasn't
 * in the review, and no other effect.
 */
export const coversAll = (given: Consented, needed: Consented): boolean =>
  covers(given.consent, needed.consent) &&
  needed.changes.every(({ path, to }) =>
    given.changes.some((one) => samePath(one.path, path) && jsonEquals(one.to ?? null, to ?? null)),
  ) &&
  needed.notes.every((note) => given.notes.includes(note));

/** Why a review is shown again. */
export const reviewedOtherwise =
  'The changes are no longer the ones you reviewed, because PostHog or the environment has changed.';

/** The setting `posthogEnvironments.save.confirm`. */
export const confirmSettings = ['protected', 'risky', 'always', 'never'] as const;
export type ConfirmSetting = (typeof confirmSettings)[number];

/** What determines whether a change set is reviewed before it is sent. */
export interface ReviewSituation {
  readonly setting: ConfirmSetting;
  readonly isProtected: boolean;
  /** Whether the document is in the active editor: debugging and build tasks save all the others too. */
  readonly isActive: boolean;
  /** Whether a changed field can stop, expose, or alter data. Only called if it matters: most saves aren't reviewed. */
  isRisky?(): boolean;
  /** Whether there are warnings about the changes. */
  readonly isDoubtful?: boolean;
}

/** Why a review is shown, as a sentence, and the kind of consent that it asks for. */
export interface ReviewReason {
  readonly reason: string;
  readonly consent: Consent;
}

/** Why a change set is reviewed; `undefined` if it isn't. */
export function reasonToReview({
  setting,
  isProtected,
  isActive,
  isRisky = () => false,
  isDoubtful = false,
}: ReviewSituation): ReviewReason | undefined {
  if (setting === 'never') {
    return undefined;
  }
  const because = (reason: string): ReviewReason => ({
    reason,
    consent: consentOf(isProtected, isRisky()),
  });
  if (!isActive) {
    return because(
      "VS Code also saves documents that aren't in the active editor: before debugging, before tasks, and with Save All.",
    );
  }
  if (isProtected) {
    return because('The environment is protected.');
  }
  if (setting === 'always') {
    return because('The setting "posthogEnvironments.save.confirm" asks before every save.');
  }
  if (setting === 'risky' && isRisky()) {
    return because('A change is risky.');
  }
  return isDoubtful ? because('A new column type may not fit the data.') : undefined;
}
