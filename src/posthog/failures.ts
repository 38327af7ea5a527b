import { PostHogError } from './errors';
import type { PostHogErrorFacts } from './errors';
import { proxyAuthSentences } from './refusals';

/** What is known about a request that got no usable answer. */
export interface Failure {
  /** Whatever the transport threw. Nothing of its text is shown: it can contain headers. */
  error: unknown;
  origin: string;
  isWrite: boolean;
  /** The caller gave up. */
  cancelled: boolean;
  /** The client's own time limit, when it has passed. */
  timedOutAfterMs: number | undefined;
  /** The request was handed to the transport. */
  sent: boolean;
}

const certificateCodes =
  /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_|CERT_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

/** Codes of a connection that never came to be, so that nothing can have reached the server. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The other side does not speak TLS, or not as this one does. */
const isTls = (code: string): boolean => code === 'EPROTO' || code.startsWith('ERR_SSL');

const timeoutCodes = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** An error and all that caused it, outermost first. */
function* causes(error: unknown, depth = 0): Generator<object> {
  if (typeof error !== 'object' || error === null || depth > 8) {
    return;
  }
  yield error;
  if ('cause' in error) {
    yield* causes(error.cause, depth + 1);
  }
  if ('errors' in error && Array.isArray(error.errors)) {
    for (const inner of error.errors) {
      yield* causes(inner, depth + 1);
    }
  }
}

function codesOf(chain: readonly object[]): string[] {
  return chain.flatMap((cause) =>
    'code' in cause && typeof cause.code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(cause.code)
      ? [cause.code]
      : [],
  );
}

const messageOf = (cause: object): string =>
  'message' in cause && typeof cause.message === 'string' ? cause.message : '';

/**
 * A proxy that wants a sign-in. A tunnel says 407 in words; the platform's fetch turns a 407 into an error without
 * any text or code, and does so for nothing else that is asked of it here.
 */
const isProxyAuth = (cause: object): boolean =>
  /proxy response \(407\)/i.test(messageOf(cause)) ||
  ('cause' in cause &&
    cause.cause instanceof Error &&
    cause.cause.message === '' &&
    codesOf([...causes(cause.cause)]).length === 0);

/** Makes the error for a request without a usable answer; `error.cause.code` decides what is said. */
export function failureError(failure: Failure): PostHogError {
  const chain = [...causes(failure.error)];
  const codes = codesOf(chain);
  const code = codes.find((candidate) => candidate !== 'ABORT_ERR');
  const refusedByCertificate = codes.some((candidate) => certificateCodes.test(candidate));
  const proxyAuth = chain.some(isProxyAuth);
  // Happy Eyeballs reports one error for each address tried: only if none connected was nothing sent.
  const neverConnected =
    refusedByCertificate ||
    proxyAuth ||
    codes.some((candidate) => unsentCodes.has(candidate) || isTls(candidate)) ||
    chain.some((cause) => 'syscall' in cause && cause.syscall === 'connect');
  const facts = {
    code,
    mayHaveBeenApplied: failure.isWrite && failure.sent && !neverConnected,
  };
  const outcome = facts.mayHaveBeenApplied
    ? 'It is not certain whether the change was made. Refresh to see the current state.'
    : '';
  return new PostHogError({
    ...facts,
    ...sentences(failure, codes, { outcome, refusedByCertificate, proxyAuth }),
  });
}

type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'>;

function sentences(
  failure: Failure,
  codes: readonly string[],
  found: { outcome: string; refusedByCertificate: boolean; proxyAuth: boolean },
): Sentences {
  const { origin } = failure;
  const { outcome } = found;
  if (failure.cancelled) {
    return { kind: 'cancelled', what: 'The request was cancelled.', why: '', remedy: outcome };
  }
  const limit = failure.timedOutAfterMs;
  if (limit !== undefined || codes.some((code) => timeoutCodes.has(code))) {
    return {
      kind: 'timeout',
      what: `${origin} did not answer in time.`,
      why: limit === undefined ? '' : `The limit is ${Math.ceil(limit / 1000)} seconds.`,
      remedy: outcome === '' ? 'Try again in a moment.' : outcome,
    };
  }
  if (found.proxyAuth) {
    return proxyAuthSentences();
  }
  if (found.refusedByCertificate) {
    return {
      kind: 'certificate',
      what: `The certificate of ${origin} is not trusted.`,
      why: certificateReason(codes),
      remedy:
        'Give the connection the certificate authority of your company or server, or correct the certificate on the server.',
    };
  }
  return networkSentences(origin, codes, outcome);
}

function certificateReason(codes: readonly string[]): string {
  if (codes.includes('CERT_HAS_EXPIRED')) {
    return 'It has expired.';
  }
  if (codes.includes('ERR_TLS_CERT_ALTNAME_INVALID')) {
    return 'It was made out for another host name.';
  }
  return 'It was signed by an authority that this computer does not know.';
}

function networkSentences(origin: string, codes: readonly string[], outcome: string): Sentences {
  const network = { kind: 'network' as const, remedy: 'Check the network and try again.' };
  if (codes.includes('RESPONSE_TOO_LARGE')) {
    return {
      kind: 'unexpected-answer',
      what: `${origin} sent more than the extension reads.`,
      why: '',
      remedy: outcome === '' ? 'Check the address of the connection.' : outcome,
    };
  }
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) {
    return {
      ...network,
      what: `${origin} was not found.`,
      why: 'The host name could not be resolved: there is no network, or the name is wrong.',
      remedy: 'Check the network and the address of the connection.',
    };
  }
  if (codes.includes('ECONNREFUSED')) {
    return {
      ...network,
      what: `${origin} did not accept the connection.`,
      why: 'Nothing answers at this address and port.',
      remedy: 'Check the address, and that the server runs.',
    };
  }
  if (codes.some(isTls)) {
    return {
      ...network,
      what: `No secure connection to ${origin} could be made.`,
      why: 'The other side does not speak https as expected.',
      remedy: 'Check whether the address should start with http:// or have another port.',
    };
  }
  return {
    ...network,
    what: `The connection to ${origin} failed.`,
    why: codes[0] === undefined ? '' : `The network reported ${codes[0]}.`,
    remedy: outcome === '' ? network.remedy : outcome,
  };
}
