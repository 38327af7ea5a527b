import { durationText } from './durationText';
import { Canceled, PostHogError } from './errors';
import type { PostHogErrorFacts, Stop } from './errors';
import { MAX_RESPONSE_BYTES } from './http';
import type { ProxyUse } from './http';
import { causesOf, codesOf, messageOf, safeCause } from './causes';
import { certificateSentences, clientCertificateSentences, isCertificateCode } from './certificateSentences';
import { refreshToConfirm } from './outcomePhrases';
import { proxyFailureOf, proxySentences } from './proxySentences';

/** What is known about a request without a usable response. */
export interface Failure {
  /** Whatever the transport threw. Its text is never shown to the user, because it can contain headers. */
  error: unknown;
  origin: string;
  isWrite: boolean;
  /** The caller canceled the request. */
  canceled: boolean;
  /** The client's own time limit, if it was exceeded. */
  timedOutAfterMs: number | undefined;
  /** The request was handed to the transport. */
  sent: boolean;
  /** Used only to remove it from texts. */
  key: string;
  /** The proxy configured for the origin. */
  proxy: ProxyUse | undefined;
}

/** Codes of connections that were never established, so nothing can have reached the server. */
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

/**
 * The network failed under a connection that had been established: reading and writing report the same codes as
 * connecting, but the request may have arrived.
 */
const wasConnected = (cause: object): boolean =>
  'syscall' in cause && (cause.syscall === 'read' || cause.syscall === 'write');

/** The server doesn't speak TLS, or not a version that this computer supports. */
const isTls = (code: string): boolean => code === 'EPROTO' || code.startsWith('ERR_SSL');

const timeoutCodes = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** What the causes say about a failure. */
interface Found {
  chain: readonly object[];
  codes: readonly string[];
  proxy: ReturnType<typeof proxyFailureOf>;
  /** What to do about a write that may have been applied; empty otherwise. */
  outcome: string;
}

/** Creates the error for a request without a usable response, based on the chain of causes. */
export function failureError(failure: Failure): Stop {
  const chain = [...causesOf(failure.error)];
  const codes = codesOf(chain);
  const proxy = proxyFailureOf(chain, failure);
  // Happy Eyeballs reports one error per address it tries. Nothing was sent only if none of them connected.
  const neverConnected =
    proxy !== undefined ||
    codes.some((code) => isCertificateCode(code) || isTls(code)) ||
    chain.some(
      (cause) =>
        codesOf([cause]).some((code) => unsentCodes.has(code) && !wasConnected(cause)) ||
        ('syscall' in cause && cause.syscall === 'connect') ||
        hungUpEarly(cause) ||
        holdsTlsRecord(cause),
    );
  const mayHaveBeenApplied = failure.isWrite && failure.sent && !neverConnected;
  const outcome = mayHaveBeenApplied ? refreshToConfirm() : '';
  if (failure.canceled) {
    return new Canceled({ mayHaveBeenApplied, remedy: outcome });
  }
  return new PostHogError({
    code: codes.find((candidate) => candidate !== 'ABORT_ERR'),
    mayHaveBeenApplied,
    cause: safeCause(failure.error, failure.key),
    ...sentences(failure, { chain, codes, proxy, outcome }),
  });
}

type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'>;

function sentences(failure: Failure, found: Found): Sentences {
  const { origin } = failure;
  const { chain, codes, outcome } = found;
  if (failure.timedOutAfterMs !== undefined) {
    return timeoutSentences(failure, outcome);
  }
  if (found.proxy) {
    return proxySentences(found.proxy, chain, origin);
  }
  if (codes.some((code) => timeoutCodes.has(code))) {
    return timeoutSentences(failure, outcome);
  }
  if (codes.some(isCertificateCode)) {
    return certificateSentences(origin, chain);
  }
  return clientCertificateSentences(origin, codes) ?? networkSentences(failure, found);
}

function timeoutSentences({ origin, timedOutAfterMs, proxy }: Failure, outcome: string): Sentences {
  const through = proxy === undefined ? '' : `The request went through the proxy ${proxy.address}. `;
  const limit =
    timedOutAfterMs === undefined ? '' : `The time limit is ${durationText(timedOutAfterMs / 1000)}.`;
  return {
    kind: 'timeout',
    what: `${origin} didn't respond in time.`,
    why: (through + limit).trim(),
    remedy: outcome === '' ? 'Try again in a moment.' : outcome,
  };
}

function networkSentences({ origin, isWrite }: Failure, { chain, codes, outcome }: Found): Sentences {
  const network = { kind: 'network' as const, remedy: 'Check your network and try again.' };
  if (codes.includes('RESPONSE_TOO_LARGE')) {
    return {
      kind: 'unexpected-answer',
      what: `The response from ${origin} is too large.`,
      why: `The limit is ${MAX_RESPONSE_BYTES / 1024 / 1024} MB.`,
      remedy: outcome === '' ? 'Check the address of the server.' : outcome,
    };
  }
  if (codes.some((code) => /^(Z_|ERR_BROTLI|ERR__?ERROR_FORMAT)/.test(code))) {
    return {
      kind: 'unexpected-answer',
      what: `Couldn't decompress the response from ${origin}.`,
      why: "It's damaged or incomplete. A proxy may have cut it off.",
      remedy: outcome === '' ? 'Try again.' : outcome,
    };
  }
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) {
    return {
      ...network,
      what: `Couldn't find ${origin}.`,
      why: "The host name couldn't be resolved. You may be offline, or the name may be wrong.",
      remedy: 'Check your network and the address of the server.',
    };
  }
  if (codes.includes('ECONNREFUSED')) {
    return {
      ...network,
      what: `${origin} refused the connection.`,
      why: 'Nothing is listening at this address and port.',
      remedy: 'Check the address and make sure that the server is running.',
    };
  }
  if (origin.startsWith('http:') && chain.some(holdsTlsRecord)) {
    return {
      ...network,
      what: `${origin} doesn't accept http.`,
      why: 'It expects https at this port.',
      remedy: 'Use an address that starts with https://.',
    };
  }
  if (codes.some(isTls)) {
    return {
      ...network,
      what: `Couldn't establish a secure connection to ${origin}.`,
      why: "The server doesn't seem to support https at this port.",
      remedy: 'Check whether the address should start with http:// or have a different port.',
    };
  }
  if (codes.includes('UND_ERR_SOCKET') || codes.includes('ECONNRESET')) {
    // Before a write, the server has responded to reads, so it speaks http.
    const isStrange = chain.some(neverSpoke) && !(isWrite && origin.startsWith('http:'));
    return {
      ...network,
      what: `The connection to ${origin} failed.`,
      why: `It was closed without a response.${isStrange ? whoNeverSpeaks(origin) : ''}`,
      remedy: outcome === '' ? network.remedy : outcome,
    };
  }
  return {
    ...network,
    what: `The connection to ${origin} failed.`,
    why: codes[0] === undefined ? '' : `The network reported ${codes[0]}.`,
    remedy: outcome === '' ? network.remedy : outcome,
  };
}

/** The server hung up during the TLS handshake, so nothing of the request was sent. */
const hungUpEarly = (cause: object): boolean => messageOf(cause).includes('before secure TLS connection');

/** Not a single byte was received over the connection, so it was a new one. */
const neverSpoke = (cause: object): boolean =>
  hungUpEarly(cause) ||
  ('socket' in cause &&
    typeof cause.socket === 'object' &&
    cause.socket !== null &&
    'bytesRead' in cause.socket &&
    cause.socket.bytesRead === 0);

const whoNeverSpeaks = (origin: string): string =>
  origin.startsWith('http:')
    ? ' This also happens if the server only accepts https.'
    : ' This also happens if the server requires a client certificate, or a different one (settings posthogEnvironments.network.clientCertificateFile and posthogEnvironments.network.clientKeyFile).';

/** The parser of the response keeps what it couldn't read: a TLS alert starts with these two bytes. */
const holdsTlsRecord = (cause: object): boolean =>
  'data' in cause && typeof cause.data === 'string' && /^[\x15\x16]\x03/.test(cause.data);
