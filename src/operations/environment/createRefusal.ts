import type { Stop } from '../../posthog/errors';
import { creationReason } from '../../posthog/reasons';
import type { JsonPath } from '../../json/parse';
import { actionFor } from '../actions';
import { notApplied, type NotApplied } from '../outcome';
import { nothingCreated } from '../phrases/environments';
import { list, sentences } from '../phrases/sentences';
import { named, pathName, refusedPaths, type Sent } from '../save/refusedPlaces';

/** Why PostHog didn't create an environment, with the values that caused it if known (API facts 4.6). */
export function createRefusal(error: Stop, sent: Sent, name: string): NotApplied {
  const detail = error.detail ?? '';
  const refuse = (what: string, paths: readonly JsonPath[] = []): NotApplied =>
    notApplied(what, {
      action: actionFor(error) ?? (paths.length > 0 ? { kind: 'showProblems' } : undefined),
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
  const reason = creationReason(error);
  switch (reason?.code) {
    case 'plan-limit':
      return refuse(
        sentences(
          `This organization's plan allows no more ${reason.of}.`,
          nothingCreated,
          "Upgrade the plan in PostHog's billing, or delete an environment that isn't needed.",
        ),
      );
    case 'organization-admins-only':
      return refuse(
        sentences(
          `Only organization admins can set ${list(reason.keys)} when creating an environment.`,
          nothingCreated,
          `Remove ${reason.keys.length === 1 ? 'it' : 'them'}, or ask an organization admin.`,
        ),
        reason.keys.map((key) => [key]),
      );
    case 'role-too-low':
      return refuse(
        sentences(
          "Your role in the organization can't create environments.",
          nothingCreated,
          'Ask an organization admin to create it, or to make you an admin.',
        ),
      );
    case undefined:
      break;
  }
  const paths = refusedPaths(error, sent);
  return refuse(named(error, paths.map(pathName)).message, paths);
}
