import * as v from 'valibot';
import { isJsonObject } from '../json/json';
import { PostHogError } from './errors';
import { tidy } from './redact';
import type { Refusal, Sentences } from './refusal';

const envelope = v.object({
  detail: v.fallback(v.optional(v.string()), undefined),
  message: v.fallback(v.optional(v.string()), undefined),
  error: v.fallback(v.optional(v.string()), undefined),
  code: v.fallback(v.optional(v.string()), undefined),
  attr: v.fallback(v.optional(v.string()), undefined),
});

/** The first text in a body, depth first: the last resort for finding a message. */
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

/** Reads the three error formats and anything else (API facts 1.5). The texts still need `tidy`. */
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

/** Creates the error for a response outside 2xx. */
export async function refusalError(refusal: Refusal): Promise<PostHogError> {
  const body = readErrorBody(refusal.json);
  const detail = body.detail === undefined ? undefined : tidy(body.detail, refusal.key);
  const said = await sentences(refusal, detail ?? '');
  return new PostHogError({
    ...said,
    status: refusal.status,
    code: body.code === undefined ? undefined : tidy(body.code, refusal.key),
    attr: body.attr === undefined ? said.attr : tidy(body.attr, refusal.key),
    detail,
    retryAfterSeconds: refusal.retryAfterSeconds,
    mayHaveBeenApplied: refusal.isWrite && refusal.status >= 500,
  });
}

async function sentences(refusal: Refusal, detail: string): Promise<Sentences> {
  return firstSentences(refusal, detail) ?? (await import('./rareRefusals')).rareSentences(refusal, detail);
}

/** These occur when a connection is opened for the first time. The others are loaded when needed. */
function firstSentences({ status, isHtml, json, origin }: Refusal, detail: string): Sentences | undefined {
  if (isHtml) {
    return undefined;
  }
  switch (status) {
    case 403:
      return forbiddenSentences(detail);
    case 404:
    case 410:
      return /^endpoint not found/i.test(detail) || json === undefined
        ? endpointMissing(origin)
        : {
            kind: 'not-found',
            what: "PostHog doesn't have this.",
            why: "It may have been deleted, or the key can't access it.",
            remedy: 'Refresh the list to see what exists now.',
          };
    case 405:
      return endpointMissing(origin);
    default:
      return undefined;
  }
}

function forbiddenSentences(detail: string): Sentences | undefined {
  const scope = /missing required scope '([\w:*]+)'/i.exec(detail)?.[1];
  if (scope !== undefined) {
    return {
      kind: 'missing-scope',
      scope,
      what: `The API key can't do this because it's missing the scope ${scope}.`,
      why: '',
      remedy: `Add the scope ${scope} to the key in PostHog, or replace the key.`,
    };
  }
  if (/multiple environments per project are no longer available/i.test(detail)) {
    return {
      kind: 'environments-gone',
      what: 'This server no longer supports multiple environments per project.',
      why: 'PostHog turned each environment into its own project.',
      remedy: 'Refresh the connection to see the projects.',
    };
  }
  return undefined;
}

function endpointMissing(origin: string): Sentences {
  return {
    kind: 'endpoint-missing',
    what: `${origin} doesn't support this.`,
    why: 'It may be an older or newer version of PostHog, or not PostHog at all.',
    remedy: 'Check the address of the server.',
  };
}
