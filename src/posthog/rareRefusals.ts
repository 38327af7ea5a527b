import { isJsonObject } from '../json/json';
import { keyOf } from '../settings/keys';
import { durationText } from './durationText';
import { isCloud } from './origin';
import { refreshToConfirm } from './outcomePhrases';
import { isMeaningless, onlySignedIn, quoted, refusedBecause, type Refusal, type Sentences } from './refusal';

/** What to do about something that isn't PostHog. */
export const checkInBrowser = 'Open the address in a browser and check that it leads to PostHog.';

/** What to do about a sign-in in front of PostHog. */
export const letKeysThrough =
  'Ask its administrator to let requests with an API key through to /api/, or use an address that leads directly to PostHog.';

/** Sentences for refusals that don't occur while the tree opens. */
export async function rareSentences(refusal: Refusal, detail: string): Promise<Sentences> {
  switch (refusal.status) {
    case 407:
      return (await import('./proxySentences')).proxyAuthSentences();
    case 413:
      return {
        kind: 'too-large',
        what: 'The request is too large for PostHog.',
        why: detail === '' ? 'The server, or a proxy in front of it, limits the size.' : quoted(detail),
        remedy: 'Send less at once.',
      };
    case 429:
      return throttledSentences(refusal.retryAfterSeconds);
  }
  const gateway = await gatewaySentences(refusal);
  if (gateway !== undefined) {
    return gateway;
  }
  if (refusal.isHtml) {
    return htmlSentences(refusal.status, refusal.origin, refusal.isWrite);
  }
  if (refusal.status >= 500) {
    return serverSentences(refusal, detail);
  }
  return refusedSentences(refusal, detail);
}

/** Responses from something in front of PostHog, recognized by signs that PostHog itself never gives. */
async function gatewaySentences({
  status,
  origin,
  json,
  page,
  challenge,
}: Refusal): Promise<Sentences | undefined> {
  const scheme = /^\s*(basic|digest|ntlm|negotiate)\b/i.exec(challenge)?.[1];
  if (status === 401 && scheme !== undefined && !isEnvelope(json)) {
    return {
      kind: 'gateway',
      what: `Something in front of PostHog at ${origin} requires a user name and password (HTTP 401).`,
      why: `It uses "${scheme}" authentication, so the API key never reached PostHog.`,
      remedy: letKeysThrough,
    };
  }
  if (status === 400 && /no required ssl certificate|ssl certificate error/i.test(page)) {
    const { clientCertificateMissing } = await import('./certificateSentences');
    return clientCertificateMissing(origin);
  }
  if (
    status === 400 &&
    /plain http request was sent to https port|speaking plain http to an ssl/i.test(page)
  ) {
    return {
      kind: 'network',
      what: `${origin} doesn't accept http.`,
      why: 'It expects https at this port.',
      remedy: 'Use an address that starts with https://.',
    };
  }
  return undefined;
}

/** The error format of PostHog itself (API facts 1.5). */
const isEnvelope = (json: unknown): boolean => isJsonObject(json) && 'type' in json && 'code' in json;

function throttledSentences(retryAfterSeconds: number | undefined): Sentences {
  return {
    kind: 'throttled',
    what: 'Rate limit reached.',
    why: 'Too many requests were made with this API key in a short time.',
    remedy: `Try again in ${retryAfterSeconds === undefined ? 'a minute' : durationText(retryAfterSeconds)}.`,
  };
}

/** Sentences for a web page instead of JSON. */
export function htmlSentences(status: number, origin: string, isWrite: boolean): Sentences {
  return {
    kind: 'html-answer',
    what: `${origin} responded with a web page instead of data (HTTP ${status}).`,
    why:
      status >= 500
        ? "A proxy or load balancer in front of PostHog couldn't reach it."
        : "The address may not be PostHog's, or a proxy may require a sign-in first.",
    remedy: status >= 500 ? tryAgain(isWrite) : checkInBrowser,
  };
}

function serverSentences(refusal: Refusal, detail: string): Sentences {
  return {
    kind: 'server',
    what: `PostHog failed to process the request (HTTP ${refusal.status}).`,
    why: isMeaningless(detail) ? '' : quoted(detail),
    remedy: tryAgain(refusal.isWrite),
  };
}

const tryAgain = (isWrite: boolean): string =>
  isWrite ? refreshToConfirm('then try again') : 'Try again in a moment.';

function refusedSentences({ status, origin }: Refusal, detail: string): Sentences {
  switch (status) {
    case 401:
      return {
        kind: 'unauthorized',
        what: 'PostHog rejected the API key.',
        why: `It may have been revoked, or belong to a different ${isCloud(origin) ? 'region or server' : 'server'} than ${origin}.`,
        remedy: `Replace the key${isCloud(origin) ? ', or check whether your account is in the US or the EU' : ''}.`,
      };
    case 402:
      return refusedBecause(
        'payment-required',
        "The organization's PostHog plan doesn't include this.",
        detail,
        'Someone who manages billing can change the plan.',
      );
    case 403:
      return forbiddenSentences(detail);
    case 409:
      return {
        ...refusedBecause(
          'conflict',
          'PostHog rejected this because it conflicts with something that already exists.',
          detail,
          'Change it and try again.',
        ),
        // Only the name of an environment has to be unique (API facts 4.5).
        attr: keyOf.name,
      };
    case 415:
      return refusedBecause(
        'unsupported-media-type',
        "PostHog doesn't accept this kind of data here.",
        detail,
        'The extension may not support this version of PostHog yet. Please report it.',
      );
    case 400:
    case 422:
      return refusedBecause(
        'validation',
        'PostHog rejected the values.',
        detail,
        'Correct them and try again.',
      );
    default:
      return refusedBecause(
        'unexpected-answer',
        `PostHog gave an unexpected response (HTTP ${status}).`,
        detail,
        'Try again. If it keeps happening, check the address of the server.',
      );
  }
}

function forbiddenSentences(detail: string): Sentences {
  if (/does not support personal api key access/i.test(detail)) {
    return {
      kind: 'keys-not-supported',
      what: "This server doesn't allow API keys to do this.",
      why: onlySignedIn,
      remedy: 'Do it in PostHog.',
    };
  }
  if (/scoped projects are only supported|does not have access to the requested/i.test(detail)) {
    return refusedBecause(
      'key-restricted',
      'The API key is limited to other projects or organizations.',
      detail,
      'Use a key that includes this one.',
    );
  }
  return refusedBecause(
    'forbidden',
    "PostHog didn't allow this.",
    detail,
    'Ask an organization admin for access.',
  );
}
