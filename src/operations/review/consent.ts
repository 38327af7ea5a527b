/**
 * What a user consents to when they answer a review, from the weakest kind to the strongest. An answer to one kind
 * never covers a stronger one.
 */
export const consents = ['ordinary', 'risky', 'protected', 'irreversible'] as const;
export type Consent = (typeof consents)[number];

/** The strongest of several kinds; ordinary for none. */
export const strongest = (kinds: readonly Consent[]): Consent =>
  consents.findLast((kind) => kinds.includes(kind)) ?? 'ordinary';

/** Whether an answer to one kind of consent also covers another. */
export const covers = (given: Consent, needed: Consent): boolean =>
  consents.indexOf(given) >= consents.indexOf(needed);

/** The setting `posthogEnvironments.save.confirm`. */
export const confirmSettings = ['protected', 'risky', 'always', 'never'] as const;
export type ConfirmSetting = (typeof confirmSettings)[number];

/** What decides whether a change set is reviewed before it is sent. */
export interface ReviewSituation {
  readonly setting: ConfirmSetting;
  readonly isProtected: boolean;
  /** Whether the document is in the active editor: debugging and build tasks save all the others, too. */
  readonly isActive: boolean;
  /** Whether a changed field can stop, expose, or alter data. */
  readonly isRisky?: boolean;
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
  isRisky = false,
  isDoubtful = false,
}: ReviewSituation): ReviewReason | undefined {
  if (setting === 'never') {
    return undefined;
  }
  const consent: Consent = isProtected ? 'protected' : isRisky ? 'risky' : 'ordinary';
  const because = (reason: string): ReviewReason => ({ reason, consent });
  if (!isActive) {
    return because(
      "This document isn't in the active editor. VS Code saves all documents before debugging, before tasks, and with Save All.",
    );
  }
  if (isProtected) {
    return because('The environment is protected.');
  }
  if (setting === 'always') {
    return because('The setting "posthogEnvironments.save.confirm" asks before every save.');
  }
  if (setting === 'risky' && isRisky) {
    return because('A change is risky.');
  }
  return isDoubtful ? because('A new column type may not fit the data.') : undefined;
}
