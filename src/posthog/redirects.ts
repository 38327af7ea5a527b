import { PostHogError } from './errors';
import type { HttpResponse } from './http';

const MAX_REDIRECTS = 3;

/**
 * Where an answer sends the request on (API facts 0: 307 on the same origin, with method, body and Authorization).
 *
 * @param redirects how many were followed before.
 * @throws PostHogError `foreign-origin` or `redirected` for everything that must not be followed.
 */
export function redirectTarget(response: HttpResponse, from: URL, redirects: number): URL {
  const { status } = response;
  const location = response.header('location');
  const target = location !== undefined && URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (target !== undefined && target.origin !== from.origin) {
    throw new PostHogError({
      kind: 'foreign-origin',
      what: `${from.origin} sends this request on to ${target.origin}.`,
      why: 'The API key is not sent to another address than the one of the connection.',
      remedy: `If you trust ${target.origin}, change the address of the connection to it.`,
      status,
    });
  }
  if (target === undefined || (status !== 307 && status !== 308) || redirects >= MAX_REDIRECTS) {
    throw new PostHogError({
      kind: 'redirected',
      what: `${from.origin} sends this request somewhere else (HTTP ${status}).`,
      why:
        redirects >= MAX_REDIRECTS
          ? 'It did so several times in a row.'
          : 'A sign-in page or a proxy may stand in front of it.',
      remedy: 'Open the address in a browser and check that PostHog itself is there.',
      status,
    });
  }
  return target;
}
