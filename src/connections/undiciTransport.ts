import { Agent, EnvHttpProxyAgent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { Readable } from 'node:stream';
import * as tls from 'node:tls';
import { PostHogError } from '../posthog/errors';
import { readText } from '../posthog/http';
import type { Transport } from '../posthog/http';

/** What VS Code's own fetch cannot be told (VS Code honours none of these for extensions). */
export interface UndiciTransportOptions {
  /**
   * Address of the proxy, perhaps with a user name and password; loopback never goes through it. Without one, that of
   * the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) counts, as it does for VS Code itself.
   */
  proxy?: string;
  /** Hosts that are reached without the proxy, as in `http.noProxy`: names, `.example.com`, `*` for all. */
  noProxy?: readonly string[];
  /** Certificate authorities in PEM, trusted beside those of the system. */
  ca?: readonly string[];
  /** Client certificate in PEM. */
  cert?: string;
  /** Key of the client certificate in PEM. */
  key?: string;
  /** False accepts every certificate: only for `http.proxyStrictSSL: false`. */
  rejectUnauthorized?: boolean;
  /** Environment variables; those of the process unless a test says otherwise. */
  environment?: Readonly<Record<string, string | undefined>>;
}

/** A transport with connections of its own, to be closed when the settings change. */
export type UndiciTransport = Transport & { close(): Promise<void> };

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const CONNECT_TIMEOUT_MS = 30_000;

/**
 * Makes the transport for own certificate authorities, client certificates and unchecked certificates. It has its own
 * connections and never touches the process-wide dispatcher, which other extensions use too.
 *
 * @throws PostHogError `certificate` when a PEM text cannot be used, `bad-address` for a proxy that is no address.
 */
export function createUndiciTransport(options: UndiciTransportOptions): UndiciTransport {
  const dispatcher = createDispatcher(options);
  const send: Transport = async ({ url, method, headers, body, signal }) => {
    const response = await request(url, {
      method,
      headers,
      signal,
      dispatcher,
      ...(body !== undefined && { body: body instanceof ReadableStream ? nodeStream(body) : body }),
    });
    return {
      status: response.statusCode,
      header: (name) => {
        const value = response.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      text: () => readText(response.body),
    };
  };
  return Object.assign(send, { close: () => dispatcher.close() });
}

function createDispatcher({ noProxy = [], ...given }: UndiciTransportOptions): Dispatcher {
  const trust = {
    ca: [...(given.ca ?? []), ...tls.rootCertificates, ...systemCertificates()],
    rejectUnauthorized: given.rejectUnauthorized ?? true,
    ...(given.cert !== undefined && { cert: given.cert }),
    ...(given.key !== undefined && { key: given.key }),
  };
  checkCertificates(given);
  // The time limits are the client's; a long upload or a slow schema refresh is not for the connection to judge.
  const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
  const connect = { ...trust, timeout: CONNECT_TIMEOUT_MS };
  const { httpProxy, httpsProxy, around } = proxiesOf(given);
  const direct = [...around, ...noProxy];
  if ((httpProxy === '' && httpsProxy === '') || direct.includes('*')) {
    return new Agent({ ...timeouts, connect });
  }
  return new EnvHttpProxyAgent({
    ...timeouts,
    connect,
    requestTls: connect,
    proxyTls: trust,
    httpProxy,
    httpsProxy,
    noProxy: [...LOOPBACK, ...direct].join(','),
  });
}

/** The proxies for both schemes, empty for none, and what the environment takes past its own. */
function proxiesOf({
  proxy = '',
  environment = process.env,
}: Pick<UndiciTransportOptions, 'proxy' | 'environment'>): {
  httpProxy: string;
  httpsProxy: string;
  around: readonly string[];
} {
  if (proxy !== '') {
    const address = proxyAddress(proxy, 'the setting http.proxy');
    return { httpProxy: address, httpsProxy: address, around: [] };
  }
  const variable = (name: string): string =>
    [environment[name], environment[name.toUpperCase()]].find((value) => value) ?? '';
  const given = (name: string): string => proxyAddress(variable(name), `the variable ${name.toUpperCase()}`);
  return {
    httpProxy: given('http_proxy'),
    httpsProxy: given('https_proxy'),
    around: variable('no_proxy')
      .split(/[\s,]+/)
      .filter((host) => host !== ''),
  };
}

function proxyAddress(address: string, place: string): string {
  // Variables often have no scheme.
  const url = address === '' || address.includes('://') ? address : `http://${address}`;
  if (url === '' || URL.canParse(url)) {
    return url;
  }
  throw new PostHogError({
    kind: 'bad-address',
    what: 'The proxy address cannot be used.',
    why: 'It is not an address such as http://proxy.example.com:3128.',
    remedy: `Correct ${place}.`,
  });
}

/** Node learned to read the system's store in 22.15; before that its own list and the given ones must do. */
const systemCertificates = (): string[] =>
  'getCACertificates' in tls ? tls.getCACertificates('system') : [];

/** A wrong file would else show as a failed connection to the server. */
function checkCertificates({ ca, cert, key }: UndiciTransportOptions): void {
  const looksRight = (ca ?? []).every((pem) => pem.includes('-----BEGIN'));
  try {
    if (looksRight) {
      tls.createSecureContext({ ca: [...(ca ?? [])], cert, key });
      return;
    }
  } catch (error) {
    throw unusable(error instanceof Error && 'code' in error ? `OpenSSL says ${String(error.code)}.` : '');
  }
  throw unusable('The certificate authority file holds no PEM certificate.');
}

const unusable = (why: string): PostHogError =>
  new PostHogError({
    kind: 'certificate',
    what: 'The certificate files of the network settings cannot be used.',
    why,
    remedy: 'Give files in PEM format, and a client certificate together with its own key.',
  });

function nodeStream(stream: ReadableStream<Uint8Array>): Readable {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const reader = stream.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        yield next.value;
      }
    } finally {
      await reader.cancel();
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}
