import type { PostHogError } from '../posthog/errors';
import type { JsonPath } from '../json/parse';
import { actionFor } from './actions';
import { notApplied, type NotApplied } from './outcome';
import { list, nothingCreated, sentences } from './phrases';
import { named, pathName, refusedPaths, type Sent } from './refusedPlaces';

const planLimit = /maximum limit of allowed (\w+)/i;
const adminsOnly = /only organization admins can set these settings on project creation: (.*)/i;
const noRight = /organization admin or above|sufficient permissions/i;

/** Why PostHog did not create an environment, with the values it is about where that is known (API facts 4.6). */
export function createRefusal(error: PostHogError, sent: Sent, name: string): NotApplied {
  const detail = error.detail ?? '';
  const refuse = (what: string, paths: readonly JsonPath[] = []): NotApplied =>
    notApplied(what, {
      action: actionFor(error),
      spots: paths.map((path) => ({ path, message: detail === '' ? what : detail, code: 'refused' })),
      cause: error,
    });
  if (error.kind === 'conflict') {
    return refuse(
      sentences(
        `Choose another name: the organization already has an environment called "${name}".`,
        nothingCreated,
      ),
      [['name']],
    );
  }
  if (error.kind === 'forbidden') {
    const limited = planLimit.exec(detail)?.[1];
    if (limited !== undefined) {
      return refuse(
        sentences(
          `Change the plan in PostHog's billing, or delete an environment that is not needed: the plan of this organization allows no more ${limited}.`,
          nothingCreated,
        ),
      );
    }
    const keys = adminsOnly.exec(detail)?.[1]?.match(/\w+/g);
    if (keys) {
      return refuse(
        sentences(
          `Remove ${list(keys)}, or ask an administrator: only organization admins may set this on creation.`,
          nothingCreated,
        ),
        keys.map((key) => [key]),
      );
    }
    if (noRight.test(detail)) {
      return refuse(
        sentences(
          'Ask an administrator of the organization to create it, or to make you one: your role there may not create environments.',
          nothingCreated,
        ),
      );
    }
  }
  const paths = refusedPaths(error, sent);
  return refuse(named(error, paths.map(pathName)).message, paths);
}
