import type { PostHogError } from '../posthog/errors';
import { actionFor } from './actions';
import { notApplied, type NotApplied } from './outcome';
import { sentences } from './phrases';

/**
 * A failure that left everything as it was, in its own words.
 *
 * @param extra a sentence more about what PostHog has
 */
export const refused = (error: PostHogError, extra = ''): NotApplied =>
  notApplied(error.what, {
    why: sentences(error.why, extra, error.remedy),
    action: actionFor(error),
    cause: error,
  });
