import { durationText } from './durationText';
import { PostHogError } from './errors';
import type { PostHogErrorFacts } from './errors';
import { MAX_RESPONSE_BYTES } from './http';
import type { ProxyUse } from './http';
import { causesOf, codesOf, describeCauses, messageOf } from './causes';
import { certificateSentences, clientCertificateSentences, isCertificateCode } from './certificateSentences';
import { proxyFailureOf, proxySentences } from './proxySentences';

/** What is known about a request that got no usable answer. */
export interface Failure {
  /** Whatever the transport threw. Nothing of its text is shown to people: it can contain headers. */
  error: unknown;
  origin: string;
  isWrite: boolean;
  /** The caller gave up. */
  cancelled: boolean;
  /** The client's own time limit, when it has passed. */
  timedOutAfterMs: number | undefined;
  /** The request was handed to the transport. */
  sent: boolean;
  /** Only used to take it out of texts. */
  key: string;
  /** The proxy that the settings put before the origin. */
  proxy: ProxyUse | undefined;
}

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

/** What was found out about a failure. */
interface Found {
  chain: readonly object[];
  codes: readonly string[];
  proxy: ReturnType<typeof proxyFailureOf>;
  /** What to do about a write that may have been applied; else empty. */
  outcome: string;
}

/** Makes the error for a request without a usable answer; the chain of causes decides what is said. */
export function failureError(failure: Failure): PostHogError {
  const chain = [...causesOf(failure.error)];
  const codes = codesOf(chain);
  const proxy = proxyFailureOf(chain, failure);
  // Happy Eyeballs reports one error for each address tried: only if none connected was nothing sent.
  const neverConnected =
    proxy !== undefined ||
    codes.some((code) => isCertificateCode(code) || unsentCodes.has(code) || isTls(code)) ||
    chain.some(
      (cause) =>
        ('syscall' in cause && cause.syscall === 'connect') || hungUpEarly(cause) || holdsTlsRecord(cause),
    );
  const mayHaveBeenApplied = failure.isWrite && failure.sent && !neverConnected;
  const outcome = mayHaveBeenApplied
    ? 'It is not certain whether the change was made. Refresh to see the current state.'
    : '';
  return new PostHogError({
    code: codes.find((candidate) => candidate !== 'ABORT_ERR'),
    mayHaveBeenApplied,
    technical: failure.cancelled ? undefined : describeCauses(chain, failure.key),
    ...sentences(failure, { chain, codes, proxy, outcome }),
  });
}

type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'>;

function sentences(failure: Failure, found: Found): Sentences {
  const { origin } = failure;
  const { chain, codes, outcome } = found;
  if (failure.cancelled) {
    return { kind: 'cancelled', what: 'The request was cancelled.', why: '', remedy: outcome };
  }
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
  const through = proxy === undefined ? '' : `It is asked through the proxy ${proxy.address}. `;
  const limit = timedOutAfterMs === undefined ? '' : `The limit is ${durationText(timedOutAfterMs / 1000)}.`;
  return {
    kind: 'timeout',
    what: `${origin} did not answer in time.`,
    why: (through + limit).trim(),
    remedy: outcome === '' ? 'Try again in a moment.' : outcome,
  };
}

function networkSentences({ origin }: Failure, { chain, codes, outcome }: Found): Sentences {
  const network = { kind: 'network' as const, remedy: 'Check the network and try again.' };
  if (codes.includes('RESPONSE_TOO_LARGE')) {
    return {
      kind: 'unexpected-answer',
      what: `${origin} sent more than the extension reads.`,
      why: `The limit for one answer is ${MAX_RESPONSE_BYTES / 1024 / 1024} MB.`,
      remedy: outcome === '' ? 'Check the address of the connection.' : outcome,
    };
  }
  if (codes.some((code) => /^(Z_|ERR_BROTLI|ERR__?ERROR_FORMAT)/.test(code))) {
    return {
      kind: 'unexpected-answer',
      what: `${origin} sent an answer that cannot be unpacked.`,
      why: 'It is compressed, and damaged or incomplete.',
      remedy: outcome === '' ? 'Try again; a proxy on the way may have cut it.' : outcome,
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
  if (origin.startsWith('http:') && chain.some(holdsTlsRecord)) {
    return {
      ...network,
      what: `${origin} does not speak http.`,
      why: 'It answered with the beginning of a secure connection.',
      remedy: 'Change the address of the connection so that it starts with https://.',
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
  if (codes.includes('UND_ERR_SOCKET') || codes.includes('ECONNRESET')) {
    return {
      ...network,
      what: `The connection to ${origin} failed.`,
      why: `It was closed without an answer.${chain.some(neverSpoke) ? whoNeverSpeaks(origin) : ''}`,
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

/** The other side hung up while the secure connection was made: nothing of the request was sent. */
const hungUpEarly = (cause: object): boolean => messageOf(cause).includes('before secure TLS connection');

/** Not one byte came over the connection, so that it was a new one. */
const neverSpoke = (cause: object): boolean =>
  hungUpEarly(cause) ||
  ('socket' in cause &&
    typeof cause.socket === 'object' &&
    cause.socket !== null &&
    'bytesRead' in cause.socket &&
    cause.socket.bytesRead === 0);

const whoNeverSpeaks = (origin: string): string =>
  origin.startsWith('http:')
    ? ' A server that speaks only https does that, too.'
    : ' A server that wants another client certificate, or any, does that, too (settings posthogEnvironments.network.clientCertificateFile and posthogEnvironments.network.clientKeyFile).';

/** The parser of the answer keeps what it could not read: a TLS alert begins with these two bytes. */
const holdsTlsRecord = (cause: object): boolean =>
  'data' in cause && typeof cause.data === 'string' && /^[\x15\x16]\x03/.test(cause.data);
