import type { PostHogErrorFacts } from './errors';
import { codesOf, messageOf } from './causes';
import { certificateSentences, isCertificateCode } from './certificateSentences';
import type { ProxyUse } from './http';

type Sentences = Pick<PostHogErrorFacts, 'kind' | 'what' | 'why' | 'remedy'>;

/** A failure to get through a proxy. */
export interface ProxyFailure {
  /** Host and port; undefined if only the system knows which proxy it was. */
  address: string | undefined;
  /** Where the proxy is configured, in words. */
  setting: string;
  /** How the proxy responded to CONNECT. */
  status: number | undefined;
}

/** The code of errors from a transport that connects to the proxy itself. */
export const PROXY_FAILED = 'PROXY_FAILED';

const anySetting = 'the setting http.proxy or the system proxy';

/** Finds out whether a proxy failed, and which one: the error says what couldn't be reached. */
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
    const status = proxyStatusOf(cause);
    if (status !== undefined) {
      return found({ status });
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

/** How a proxy rejected a connection, if the cause says so. */
export function proxyStatusOf(cause: object): number | undefined {
  const status = /proxy response \((\d{3})\)/i.exec(messageOf(cause))?.[1];
  return status === undefined ? undefined : Number(status);
}

/**
 * The platform's fetch turns a 407 into an error without a message or a code. Nothing else that happens here does that.
 */
const isUnexplained = (cause: object): boolean =>
  'cause' in cause &&
  cause.cause instanceof Error &&
  cause.cause.message === '' &&
  codesOf([cause.cause]).length === 0 &&
  !('errors' in cause.cause) &&
  cause.cause.cause === undefined;

/** What a connection error is about, if not the server itself. */
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
    // The server and the proxy may use the same port.
    const isOwn = String(cause.port) === ownPort && proxy?.address.endsWith(`:${ownPort}`) !== true;
    return isOwn ? undefined : `${String(cause.address)}:${String(cause.port)}`;
  }
  return undefined;
}

/** Sentences for a proxy that is unreachable or blocks the request. */
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
      ? "Its host name couldn't be resolved. You may be offline, or the name may be wrong."
      : codes.includes('ECONNREFUSED')
        ? 'Nothing is listening at this address and port.'
        : codes.includes('UND_ERR_SOCKET') || codes.includes('ECONNRESET')
          ? 'It closed the connection without a response.'
          : codes.includes('UND_ERR_CONNECT_TIMEOUT') || codes.includes('ETIMEDOUT')
            ? "It didn't respond in time."
            : `The network reported ${codes.find((code) => code !== PROXY_FAILED) ?? 'no reason'}.`;
  return {
    kind: 'proxy',
    what: `Couldn't reach ${host} through ${name}.`,
    why: because,
    remedy: `Check ${setting} and make sure that you're on the proxy's network.`,
  };
}

function refusedSentences({ Name, host, status }: { Name: string; host: string; status: number }): Sentences {
  if (status >= 500) {
    return {
      kind: 'proxy',
      what: `${Name} couldn't reach ${host} (HTTP ${status}).`,
      why: "The host didn't respond to the proxy, or the proxy can't resolve its name.",
      remedy: `Check the address of the server. If this computer can reach ${host} without the proxy, add it to the setting http.noProxy.`,
    };
  }
  return {
    kind: 'proxy',
    what: `${Name} blocks connections to ${host} (HTTP ${status}).`,
    why: '',
    remedy: `Ask the proxy's administrator to allow ${host}. If this computer can reach it without the proxy, add it to the setting http.noProxy.`,
  };
}

/** Sentences for a proxy that requires authentication. */
export function proxyAuthSentences(name = 'the proxy between this computer and PostHog'): Sentences {
  return {
    kind: 'proxy-auth',
    what: `${name.replace(/^the/, 'The')} rejected the request.`,
    why: 'It requires a user name and password (HTTP 407).',
    remedy:
      'Add them to the setting http.proxy, as in http://name:password@proxy.example.com:3128, or set the header in http.proxyAuthorization.',
  };
}
