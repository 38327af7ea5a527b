import * as v from 'valibot';
import { isJsonObject } from '../json/json';
import { durationText } from './durationText';
import { PostHogError } from './errors';
import type { PostHogErrorFacts, PostHogErrorKind } from './errors';
import { tidy } from './redact';

/** An answer that is not a success. */
export interface Refusal {
  status: number;
  /** The parsed body; undefined when there is none or it is no JSON. */
  json: unknown;
  isHtml: boolean;
  /** The beginning of what came instead of JSON: what is known of it is recognised, nothing of it is shown. */
  page: string;
  /** The header WWW-Authenticate; empty when there is none. */
  challenge: string;
  retryAfterSeconds: number | undefined;
  origin: string;
  /** The request could change something on the server. */
  isWrite: boolean;
  /** Only used to take it out of texts. */
  key: string;
}

type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'> & { scope?: string };

const envelope = v.object({
  detail: v.fallback(v.optional(v.string()), undefined),
  message: v.fallback(v.optional(v.string()), undefined),
  error: v.fallback(v.optional(v.string()), undefined),
  code: v.fallback(v.optional(v.string()), undefined),
  attr: v.fallback(v.optional(v.string()), undefined),
});

/** The first text in a body, depth first, as the last resort of the error reader. */
function firstString(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') {
    return value === '' ? undefined : value;
  }
  const children = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  if (depth > 8) {
    return undefined;
  }
  for (const child of children) {
    const found = firstString(child, depth + 1);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Reads the three error shapes and whatever else may come (API facts 1.5). The texts are not yet tidied. */
function readErrorBody(json: unknown): {
  detail: string | undefined;
  code: string | undefined;
  attr: string | undefined;
} {
  const parsed = v.safeParse(envelope, json);
  const body = parsed.success && isJsonObject(json) ? parsed.output : undefined;
  return {
    detail: [body?.detail, body?.message, body?.error, firstString(json)].find(
      (text) => text !== undefined && text !== '',
    ),
    code: body?.code,
    attr: body?.attr,
  };
}

/** Makes the error for an answer outside of 2xx. */
export async function refusalError(refusal: Refusal): Promise<PostHogError> {
  const body = readErrorBody(refusal.json);
  const detail = body.detail === undefined ? undefined : tidy(body.detail, refusal.key);
  return new PostHogError({
    ...(await sentences(refusal, detail ?? '')),
    status: refusal.status,
    code: body.code === undefined ? undefined : tidy(body.code, refusal.key),
    attr: body.attr === undefined ? undefined : tidy(body.attr, refusal.key),
    detail,
    retryAfterSeconds: refusal.retryAfterSeconds,
    mayHaveBeenApplied: refusal.isWrite && refusal.status >= 500,
  });
}

async function sentences(refusal: Refusal, detail: string): Promise<Sentences> {
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

function refusedSentences({ status, json, origin }: Refusal, detail: string): Sentences {
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
    case 403:
      return forbiddenSentences(detail);
    case 404:
    case 410:
      return /^endpoint not found/i.test(detail) || json === undefined
        ? endpointMissing(origin)
        : {
            kind: 'not-found',
            what: 'PostHog does not have this any more.',
            why: 'It may have been deleted, or the key does not reach it.',
            remedy: 'Refresh the list to see what is there now.',
          };
    case 405:
      return endpointMissing(origin);
    case 409:
      return refusedBecause(
        'conflict',
        'PostHog refused because it conflicts with something that is already there.',
        detail,
        'Change it and try again.',
      );
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

function forbiddenSentences(detail: string): Sentences {
  const scope = /missing required scope '([\w:*]+)'/i.exec(detail)?.[1];
  if (scope !== undefined) {
    return {
      kind: 'missing-scope',
      scope,
      what: `The API key may not do this: it lacks the scope ${scope}.`,
      why: '',
      remedy: `Add the scope ${scope} to the key in PostHog, or replace the key of this connection.`,
    };
  }
  if (/does not support personal api key access/i.test(detail)) {
    return {
      kind: 'keys-not-supported',
      what: 'This server does not allow this with an API key.',
      why: 'It keeps the action for people who are signed in to its web interface.',
      remedy: 'Do it in PostHog itself.',
    };
  }
  if (/multiple environments per project are no longer available/i.test(detail)) {
    return {
      kind: 'environments-gone',
      what: 'This server no longer has several environments in one project.',
      why: 'PostHog has turned each environment into a project of its own.',
      remedy: 'Refresh the connection to see the projects.',
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
    'PostHog did not allow this.',
    detail,
    'Ask an administrator of the organization for access.',
  );
}

function endpointMissing(origin: string): Sentences {
  return {
    kind: 'endpoint-missing',
    what: `${origin} does not offer this.`,
    why: 'It may be an older or newer version of PostHog, or not PostHog at all.',
    remedy: 'Check the address of the connection.',
  };
}

function refusedBecause(kind: PostHogErrorKind, what: string, detail: string, remedy: string): Sentences {
  return { kind, what, why: isMeaningless(detail) ? '' : quoted(detail), remedy };
}

/** Texts that say no more than the status does. */
const isMeaningless = (detail: string): boolean =>
  detail === '' || /^(a server error occurred|permission denied|error)\.?$/i.test(detail);

const quoted = (detail: string): string => `It says: ${/[.!?…]$/.test(detail) ? detail : `${detail}.`}`;
