import { actionFor, type Action } from '../operations/actions';
import { sentences } from '../operations/phrases/sentences';
import type { FileEnvironment } from '../operations/settingsFile/settingsFile';
import type { PostHogError } from '../posthog/errors';
import { webPageUrl } from '../posthog/webPages';
import { keyNotSet, variableToSet } from './keys';

type Place = Pick<FileEnvironment, 'host' | 'id'>;

/**
 * How to do in a terminal what a failure or an outcome offers; empty if its text says all there is to do here. Other
 * surfaces have a button for it.
 */
export function actionText(action: Action | undefined, { host, id }: Place): string {
  switch (action?.kind) {
    case 'replaceKey':
      return `To use another key, set ${variableToSet(host)}.`;
    case 'openInPostHog':
      return `Open ${webPageUrl(host, 'settings', { id })}`;
    default:
      return '';
  }
}

/** The sentences of a failure, and what to do about it. */
export const failureText = (error: PostHogError, place: Place): string =>
  sentences(error.message, error.code === keyNotSet ? '' : actionText(actionFor(error, place.host), place));
