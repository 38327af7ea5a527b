import type { PostHogErrorFacts } from './errors';
import { codesOf, messageOf } from './causes';
import { certificateSentences, isCertificateCode } from './certificateSentences';
import type { ProxyUse } from './http';

type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'>;

/** A failure on the way through a proxy. */
export interface ProxyFailure {
  /** Host and port; undefined where only the system knows which proxy it was. */
  address: string | undefined;
  /** Where it was set, as it is called. */
  setting: string;
  /** What the proxy answered to the wish for a tunnel. */
  status: number | undefined;
}

/** Set on errors of a connection to a proxy by the transport that makes it itself. */
export const PROXY_FAILED = 'PROXY_FAILED';

const anySetting = 'the setting http.proxy, or the proxy of the system';

/** Finds out whether a proxy failed, and which: the error names whom it could not reach. */
export function proxyFailureOf(
  chain: readonly object[],
  { origin, proxy }: { origin: string; proxy: ProxyUse | undefined },
): ProxyFailure | undefined {
  const found = (facts: { address?: string | undefined; status?: number }): ProxyFailure => ({
    address: proxy?.address ?? facts.address,
    setting: proxy?.setting ?? anySetting,
    status: facts.status,
  });
  for (const cause of chain) {
    const status = /proxy response \((\d{3})\)/i.exec(messageOf(cause))?.[1];
    if (status !== undefined) {
      return found({ status: Number(status) });
    }
  }
  if (chain.some(isUnexplained)) {
    return found({ status: 407 });
  }
  if (codesOf(chain).some((code) => code === PROXY_FAILED || code === 'UND_ERR_PRX_TLS')) {
    return found({});
  }
  const elsewhere = chain
    .map((cause) => elsewhereOf(cause, origin, proxy))
    .find((place) => place !== undefined);
  return elsewhere === undefined ? undefined : found({ address: elsewhere });
}

/**
 * The platform's fetch turns a 407 into an error without any text or code, and does so for nothing else that is asked
 * of it here.
 */
const isUnexplained = (cause: object): boolean =>
  'cause' in cause &&
  cause.cause instanceof Error &&
  cause.cause.message === '' &&
  codesOf([cause.cause]).length === 0 &&
  !('errors' in cause.cause) &&
  cause.cause.cause === undefined;

/** Whom a connection error is about, when that is not the server itself. */
function elsewhereOf(cause: object, origin: string, proxy: ProxyUse | undefined): string | undefined {
  const { hostname, port, protocol } = new URL(origin);
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  if ('hostname' in cause && typeof cause.hostname === 'string' && cause.hostname !== '') {
    return cause.hostname.toLowerCase() === hostname.replace(/^\[|\]$/g, '') ? undefined : cause.hostname;
  }
  const attempted = /attempted address: ([\w.:[\]-]+):(\d+)/.exec(messageOf(cause));
  if (attempted?.[1] !== undefined && attempted[2] !== undefined) {
    const isOwn = attempted[1] === hostname && attempted[2] === ownPort;
    return isOwn ? undefined : `${attempted[1]}:${attempted[2]}`;
  }
  if ('syscall' in cause && cause.syscall === 'connect' && 'port' in cause && 'address' in cause) {
    // A server may be asked for at the port of the proxy.
    const isOwn = String(cause.port) === ownPort && proxy?.address.endsWith(`:${ownPort}`) !== true;
    return isOwn ? undefined : `${String(cause.address)}:${String(cause.port)}`;
  }
  return undefined;
}

/** Sentences for a proxy that is not there, or does not let the request through. */
export function proxySentences(
  { address, setting, status }: ProxyFailure,
  chain: readonly object[],
  origin: string,
): Sentences {
  const name = address === undefined ? 'the proxy' : `the proxy ${address}`;
  const Name = name.replace('the', 'The');
  const codes = codesOf(chain);
  const { host } = new URL(origin);
  if (status === 407) {
    return proxyAuthSentences(name);
  }
  if (status !== undefined) {
    return refusedSentences({ Name, host, status });
  }
  const certificate = codes.some(isCertificateCode);
  if (certificate) {
    return certificateSentences(name, chain);
  }
  const because =
    codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')
      ? 'Its host name is not known: there is no network, or the name is wrong.'
      : codes.includes('ECONNREFUSED')
        ? 'Nothing answers at this address and port.'
        : codes.includes('UND_ERR_SOCKET') || codes.includes('ECONNRESET')
          ? 'It closed the connection without an answer.'
          : codes.includes('UND_ERR_CONNECT_TIMEOUT') || codes.includes('ETIMEDOUT')
            ? 'It did not answer in time.'
            : `The network reported ${codes.find((code) => code !== PROXY_FAILED) ?? 'no reason'}.`;
  return {
    kind: 'proxy',
    what: `${Name} could not be used to reach ${host}.`,
    why: because,
    remedy: `Check ${setting}, and that you are in the network of this proxy.`,
  };
}

function refusedSentences({ Name, host, status }: { Name: string; host: string; status: number }): Sentences {
  if (status >= 500) {
    return {
      kind: 'proxy',
      what: `${Name} could not reach ${host} (HTTP ${status}).`,
      why: 'The host does not answer it, or its name is not known there.',
      remedy: `Check the address of the connection. If this computer reaches ${host} without the proxy, add it to the setting http.noProxy.`,
    };
  }
  return {
    kind: 'proxy',
    what: `${Name} does not let connections to ${host} through (HTTP ${status}).`,
    why: '',
    remedy: `Ask whoever runs the proxy to allow ${host}. If this computer reaches it without the proxy, add it to the setting http.noProxy.`,
  };
}

/** Sentences for a proxy that wants a sign-in. */
export function proxyAuthSentences(name = 'the proxy between this computer and PostHog'): Sentences {
  return {
    kind: 'proxy-auth',
    what: `${name.replace(/^the/, 'The')} did not let the request through.`,
    why: 'It asks for a user name and a password (HTTP 407).',
    remedy:
      'Put them into the setting http.proxy, as in http://name:password@proxy.example.com:3128, or give the header in http.proxyAuthorization.',
  };
}
