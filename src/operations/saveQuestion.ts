import type { Change } from './changes';
import { changeText } from './changeText';
import { asLines, asText } from '../json/visibleText';

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
