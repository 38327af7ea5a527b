import { isJsonObject } from '../json/json';
import { keyOf } from '../settings/keys';
import { durationText } from './durationText';
import { isMeaningless, quoted, refusedBecause, type Refusal, type Sentences } from './refusal';

/** The sentences of refusals that a tree does not meet while it opens. */
export async function rareSentences(refusal: Refusal, detail: string): Promise<Sentences> {
  switch (refusal.status) {
    case 407:
      return (await import('./proxySentences')).proxyAuthSentences();
    case 413:
      return {
        kind: 'too-large',
        what: 'PostHog did not take the request because it is too large.',
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

/** Answers of what stands in front of PostHog, by signs that PostHog itself never gives. */
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
      what: `Something in front of PostHog at ${origin} asks for a user name and a password (HTTP 401).`,
      why: `It is not PostHog: it wants the sign-in "${scheme}", and the API key did not get as far as PostHog.`,
      remedy:
        'Ask whoever runs it to let requests with an API key through to /api/, or use an address that leads to PostHog directly.',
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
      what: `${origin} does not speak http.`,
      why: 'It says that it expects a secure connection at this port.',
      remedy: 'Change the address of the connection so that it starts with https://.',
    };
  }
  return undefined;
}

/** The envelope of PostHog's own refusals (API facts 1.5). */
const isEnvelope = (json: unknown): boolean => isJsonObject(json) && 'type' in json && 'code' in json;

function throttledSentences(retryAfterSeconds: number | undefined): Sentences {
  return {
    kind: 'throttled',
    what: 'Rate limit reached.',
    why: 'Too many requests were made with this API key in a short time.',
    remedy: `Try again in ${retryAfterSeconds === undefined ? 'a minute' : durationText(retryAfterSeconds)}.`,
  };
}

/** Sentences for a web page where JSON was expected. */
export function htmlSentences(status: number, origin: string, isWrite: boolean): Sentences {
  return {
    kind: 'html-answer',
    what: `${origin} answered with a web page instead of data (HTTP ${status}).`,
    why:
      status >= 500
        ? 'A proxy or load balancer in front of PostHog could not reach it.'
        : 'The address may belong to something else, or a proxy asks for a sign-in first.',
    remedy:
      status >= 500
        ? tryAgain(isWrite)
        : 'Open the address in a browser and check that PostHog itself is there.',
  };
}

function serverSentences(refusal: Refusal, detail: string): Sentences {
  return {
    kind: 'server',
    what: `PostHog failed while it worked on the request (HTTP ${refusal.status}).`,
    why: isMeaningless(detail) ? '' : quoted(detail),
    remedy: tryAgain(refusal.isWrite),
  };
}

const tryAgain = (isWrite: boolean): string =>
  isWrite
    ? 'It is not certain whether the change was made. Refresh to see the current state, then try again.'
    : 'Try again in a moment.';

function refusedSentences({ status, origin }: Refusal, detail: string): Sentences {
  switch (status) {
    case 401:
      return {
        kind: 'unauthorized',
        what: 'PostHog did not accept the API key.',
        why: `It may have been revoked, or it belongs to another region or server than ${origin}.`,
        remedy: 'Replace the key of this connection, or check whether your account is in the US or the EU.',
      };
    case 402:
      return refusedBecause(
        'payment-required',
        "This is not part of the organization's PostHog plan.",
        detail,
        'Somebody who manages billing can change the plan.',
      );
    case 409:
      return {
        ...refusedBecause(
          'conflict',
          'PostHog refused because it conflicts with something that is already there.',
          detail,
          'Change it and try again.',
        ),
        // What must be unique is the name of an environment (API facts 4.5).
        attr: keyOf.name,
      };
    case 415:
      return refusedBecause(
        'unsupported-media-type',
        'PostHog does not take this kind of data here.',
        detail,
        'This may be another version of PostHog than the extension knows; please report it.',
      );
    case 400:
    case 422:
      return refusedBecause(
        'validation',
        'PostHog did not accept the values.',
        detail,
        'Correct them and try again.',
      );
    default:
      return refusedBecause(
        'unexpected-answer',
        `PostHog answered in an unexpected way (HTTP ${status}).`,
        detail,
        'Try again; if it stays so, check the address of the connection.',
      );
  }
}
