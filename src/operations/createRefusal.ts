import type { Stop } from '../posthog/errors';
import type { JsonPath } from '../json/parse';
import { actionFor } from './actions';
import { notApplied, type NotApplied } from './outcome';
import { list, nothingCreated, sentences } from './phrases';
import { named, pathName, refusedPaths, type Sent } from './refusedPlaces';

const planLimit = /maximum limit of allowed (\w+)/i;
const adminsOnly = /only organization admins can set these settings on project creation: (.*)/i;
const noRight = /organization admin or above|sufficient permissions/i;

/** Why PostHog didn't create an environment, with the values that caused it if known (API facts 4.6). */
export function createRefusal(error: Stop, sent: Sent, name: string): NotApplied {
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
        `The organization already has an environment called "${name}".`,
        nothingCreated,
        'Choose another name.',
      ),
      refusedPaths(error, sent),
    );
  }
  if (error.kind === 'forbidden') {
    const limited = planLimit.exec(detail)?.[1];
    if (limited !== undefined) {
      return refuse(
        sentences(
          `This organization's plan allows no more ${limited}.`,
          nothingCreated,
          "Upgrade the plan in PostHog's billing, or delete an environment that isn't needed.",
        ),
      );
    }
    const keys = adminsOnly.exec(detail)?.[1]?.match(/\w+/g);
    if (keys) {
      return refuse(
        sentences(
          `Only organization admins can set ${list(keys)} on creation.`,
          nothingCreated,
          `Remove ${keys.length === 1 ? 'it' : 'them'}, or ask an organization admin.`,
        ),
        keys.map((key) => [key]),
      );
    }
    if (noRight.test(detail)) {
      return refuse(
        sentences(
          "Your role in the organization can't create environments.",
          nothingCreated,
          'Ask an organization admin to create it, or to make you an admin.',
        ),
      );
    }
  }
  const paths = refusedPaths(error, sent);
  return refuse(named(error, paths.map(pathName)).message, paths);
}
