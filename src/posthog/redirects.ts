import { PostHogError } from './errors';
import type { HttpResponse } from './http';
import { checkInBrowser, letKeysThrough } from './rareRefusals';
import { tidy } from './redact';

const MAX_REDIRECTS = 3;

/**
 * Where a response redirects the request (API facts 0: 307 within the origin, with method, body, and Authorization).
 *
 * @param redirects how many were followed already
 * @throws PostHogError `foreign-origin` or `redirected` if the redirect must not be followed
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
      what: `${from.origin} redirected the request (HTTP ${status}).`,
      why:
        redirects >= MAX_REDIRECTS
          ? 'It did so several times in a row.'
          : 'There may be a sign-in page or a proxy in front of it.',
      remedy: checkInBrowser,
      status,
    });
  }
  return target;
}

/** Common addresses of sign-in pages, where the key must not go. */
const signIn =
  /\/(log-?in|sign-?in|sso|saml2?|oauth2?|authorize|auth|idp|cdn-cgi\/access|accounts?)(\/|\?|$)|cloudflareaccess\.com$/i;

/** The error for a redirect to a different origin. The key is never sent there. */
function elsewhere(from: URL, target: URL, status: number): PostHogError {
  const to = tidy(target.origin, '');
  const isSameCall = target.pathname === from.pathname && target.search === from.search;
  if (signIn.test(target.pathname) || signIn.test(target.hostname)) {
    return new PostHogError({
      kind: 'gateway',
      what: `${from.origin} redirected the request to a sign-in page at ${to}.`,
      why: "Something in front of PostHog requires signing in with a browser. The extension can't do that, and didn't send the API key there.",
      remedy: letKeysThrough,
      status,
    });
  }
  return new PostHogError({
    kind: 'foreign-origin',
    what: `${from.origin} redirected the request to ${to}.`,
    why: `The API key is only sent to ${from.origin}.`,
    // Only a server that has moved redirects to exactly the same path at its new address.
    remedy: isSameCall ? `If you trust ${to}, use it as the address of the server.` : checkInBrowser,
    status,
  });
}
