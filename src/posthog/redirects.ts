import { PostHogError } from './errors';
import type { HttpResponse } from './http';
import { tidy } from './redact';

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
    throw elsewhere(from, target, status);
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

/** A sign-in page, by what such pages are called: the key has no business there. */
const signIn =
  /\/(log-?in|sign-?in|sso|saml2?|oauth2?|authorize|auth|idp|cdn-cgi\/access|accounts?)(\/|\?|$)|cloudflareaccess\.com$/i;

/** The error for a redirect to another origin; the key is never sent there. */
function elsewhere(from: URL, target: URL, status: number): PostHogError {
  const to = tidy(target.origin, '');
  const isSameCall = target.pathname === from.pathname && target.search === from.search;
  if (signIn.test(target.pathname) || signIn.test(target.hostname)) {
    return new PostHogError({
      kind: 'gateway',
      what: `${from.origin} sends this request on to a sign-in page at ${to}.`,
      why: 'Something in front of PostHog wants people to sign in in a browser; the extension cannot, and its API key was not sent there.',
      remedy:
        'Ask whoever runs it to let requests with an API key through to /api/, or use an address that leads to PostHog directly.',
      status,
    });
  }
  return new PostHogError({
    kind: 'foreign-origin',
    what: `${from.origin} sends this request on to ${to}.`,
    why: 'The API key is not sent to another address than the one of the connection.',
    // Only a server that has moved asks for the very same thing at its new address.
    remedy: isSameCall
      ? `If you trust ${to}, change the address of the connection to it.`
      : 'Open the address in a browser and check that PostHog itself is there.',
    status,
  });
}
