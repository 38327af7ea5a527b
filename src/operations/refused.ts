import { failureText } from '../connections/failures';
import type { Log } from '../connections/ports';
import { isStop, type Stop } from '../posthog/errors';
import { actionFor, retryHelps } from './actions';
import { notApplied, type NotApplied, type Outcome } from './outcome';
import { sentences } from './phrases/sentences';

/**
 * A failure that changed nothing, in its own words.
 *
 * @param extra another sentence, about PostHog's state
 */
export const refused = (error: Stop, extra = ''): NotApplied =>
  notApplied(error.what, {
    why: sentences(error.why, extra, error.remedy),
    action: actionFor(error),
    cause: error,
  });

/** An error from before anything was sent, as an outcome. Bugs in the extension are logged. */
export const failedBy = (error: unknown, log: Log): NotApplied =>
  isStop(error)
    ? refused(error)
    : notApplied(failureText(error, log), { action: { kind: 'showLog' }, cause: error });

/** Whether retrying may succeed, perhaps after something was corrected. */
export const mayRetry = ({ action, cause }: Outcome<unknown>): boolean =>
  action?.kind === 'retry' || retryHelps(cause);
