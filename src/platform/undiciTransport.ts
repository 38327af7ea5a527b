import { Agent, EnvHttpProxyAgent, Pool, request } from 'undici';
import type { Dispatcher } from 'undici';
import { Readable, pipeline } from 'node:stream';
import * as tls from 'node:tls';
import * as zlib from 'node:zlib';
import { PostHogError } from '../posthog/errors';
import { readText } from '../posthog/http';
import type { Transport } from '../posthog/http';
import { PROXY_FAILED } from '../posthog/proxySentences';
import { checkCertificateFiles, type CertificateFiles } from './certificateFiles';
import { LOOPBACK, proxiesOf, proxyUse, type ProxySettings } from './proxies';

/** What VS Code's fetch doesn't support (VS Code applies none of these to extensions). */
export interface UndiciTransportOptions extends ProxySettings, CertificateFiles {
  /** False accepts any certificate: only for `http.proxyStrictSSL: false`. */
  rejectUnauthorized?: boolean;
  /** `http.proxyAuthorization`: the value of the Proxy-Authorization header. */
  proxyAuthorization?: string;
}

/** A transport with its own connections, which must be closed when the settings change. */
export type UndiciTransport = Transport & {
  /** Closes all connections after requests in progress have completed. */
  close(): Promise<void>;
};

const CONNECT_TIMEOUT_MS = 30_000;

/**
 * Creates the transport for custom certificate authorities, client certificates, and unchecked certificates. It has its
 * own connections and never touches the process-wide dispatcher, which other extensions use, too.
 *
 * @throws PostHogError `certificate` if a PEM text can't be used, `bad-address` if a proxy isn't a URL
 */
export function createUndiciTransport(options: UndiciTransportOptions): UndiciTransport {
  checkCertificateFiles(options);
  const makeDispatcher = dispatcherFactory(options);
  let current: Connections | undefined;
  let isClosed = false;
  const send: Transport = async ({ url, method, headers, body, signal }) => {
    const connections = current ?? new Connections(makeDispatcher());
    const release = connections.take();
    if (isClosed) {
      void connections.retire(); // Anyone still holding a replaced transport leaves nothing open.
    } else {
      current = connections;
    }
    const giveUp = (): void => {
      // Further connection attempts of this request end with it; the next one gets its own connections.
      if (current === connections) {
        current = undefined;
      }
      void connections.retire();
      release();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      const response = await request(url, {
        method,
        headers,
        signal,
        dispatcher: connections.dispatcher,
        ...(body !== undefined && { body: body instanceof ReadableStream ? nodeStream(body) : body }),
      });
      const header = (name: string): string | undefined => {
        const value = response.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : value;
      };
      return {
        status: response.statusCode,
        header,
        text: async () => {
          try {
            const text = await readText(unpacked(response.body, response.statusCode, header));
            release();
            return text;
          } catch (error) {
            giveUp();
            throw error;
          } finally {
            signal.removeEventListener('abort', giveUp);
          }
        },
      };
    } catch (error) {
      signal.removeEventListener('abort', giveUp);
      giveUp();
      throw error;
    }
  };
  return Object.assign(send, {
    proxyOf: async (url: string) => proxyUse(url, options),
    close: async () => {
      const closing = current;
      current = undefined;
      isClosed = true;
      await closing?.retire();
    },
  });
}

/** Connections that are used until one of their requests fails, and close after the last request that uses them. */
class Connections {
  private users = 0;
  private isRetired = false;
  private readonly ended: Promise<void>;
  private end: () => void = () => undefined;

  constructor(readonly dispatcher: Dispatcher) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  /** Counts a request in. @returns a function that counts it out, once */
  take(): () => void {
    this.users += 1;
    let isOut = false;
    return () => {
      if (!isOut) {
        isOut = true;
        this.users -= 1;
        this.endIfUnused();
      }
    };
  }

  /** Accepts no more requests. @returns when the last connection is closed */
  retire(): Promise<void> {
    this.isRetired = true;
    this.endIfUnused();
    return this.ended;
  }

  private endIfUnused(): void {
    if (this.isRetired && this.users === 0) {
      void this.dispatcher.destroy().then(this.end, this.end);
    }
  }
}

function dispatcherFactory(given: UndiciTransportOptions): () => Dispatcher {
  const trust = {
    ca: [...(given.ca ?? []), ...tls.rootCertificates, ...systemCertificates()],
    rejectUnauthorized: given.rejectUnauthorized ?? true,
    ...(given.cert !== undefined && { cert: given.cert, key: given.key ?? given.cert }),
  };
  // Timeouts are the client's: the connection can't know how long an upload or schema refresh should take.
  const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
  const connect = { ...trust, timeout: CONNECT_TIMEOUT_MS };
  const { http, https, noProxy } = proxiesOf(given);
  if (noProxy.includes('*') || (http === undefined && https === undefined)) {
    return () => new Agent({ ...timeouts, connect });
  }
  const token = given.proxyAuthorization ?? '';
  if (!/^[\t\x20-\x7e]*$/.test(token)) {
    throw new PostHogError({
      kind: 'bad-address',
      what: "The proxy credentials can't be used.",
      why: "They contain characters that aren't allowed in a header.",
      remedy: 'Correct the setting http.proxyAuthorization.',
    });
  }
  return () =>
    new EnvHttpProxyAgent({
      ...timeouts,
      connect,
      requestTls: connect,
      proxyTls: { ...trust, timeout: CONNECT_TIMEOUT_MS },
      clientFactory: (origin, options) => new ProxyPool(origin, options),
      ...(token !== '' && { token }),
      // Empty strings keep undici from looking for others.
      httpProxy: http?.address ?? '',
      httpsProxy: https?.address ?? '',
      noProxy: [...LOOPBACK, ...noProxy].join(','),
    });
}

/** A failed connection to a proxy. */
class ProxyFailed extends Error {
  readonly code = PROXY_FAILED;
  constructor(cause: unknown) {
    super('The connection to the proxy failed', { cause });
  }
}

/**
 * The connections to a proxy. If a proxy closes the connection, undici 7 treats that as an error of the server and
 * reconnects forever, thousands of times a second. As a different error, it ends the request.
 */
class ProxyPool extends Pool {
  override connect(options: ConnectOptions): Promise<Dispatcher.ConnectData>;
  override connect(options: ConnectOptions, callback: ConnectCallback): void;
  override connect(
    options: ConnectOptions,
    callback?: ConnectCallback,
  ): Promise<Dispatcher.ConnectData> | undefined {
    if (callback !== undefined) {
      super.connect(options, callback);
      return undefined;
    }
    return super.connect(options).catch((error: unknown) => {
      throw new ProxyFailed(error);
    });
  }
}

type ConnectOptions = Omit<Dispatcher.ConnectOptions, 'origin'>;
type ConnectCallback = (error: Error | null, data: Dispatcher.ConnectData) => void;

/** Node can read the system's store since 22.15; before that, its built-in list and the given certificates must do. */
const systemCertificates = (): string[] =>
  'getCACertificates' in tls ? tls.getCACertificates('system') : [];

/** Servers and proxies compress even if they weren't asked to. */
function unpacked(
  body: Readable,
  status: number,
  header: (name: string) => string | undefined,
): AsyncIterable<Uint8Array> {
  const encodings = (header('content-encoding') ?? '').toLowerCase().split(',');
  const isEmpty = status === 204 || header('content-length') === '0';
  return encodings.reverse().reduce((packed: Readable, encoding) => {
    const unpacker = isEmpty ? undefined : unpackers[encoding.trim()]?.();
    // An error on either side ends the other, and reaches the reader.
    return unpacker === undefined ? packed : pipeline(packed, unpacker, () => undefined);
  }, body);
}

const unpackers: Readonly<Record<string, () => zlib.Unzip | zlib.BrotliDecompress>> = {
  gzip: () => zlib.createUnzip(),
  'x-gzip': () => zlib.createUnzip(),
  deflate: () => zlib.createUnzip(),
  br: () => zlib.createBrotliDecompress(),
};

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
