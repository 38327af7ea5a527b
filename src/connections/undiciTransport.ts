import { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import * as tls from 'node:tls';
import { Agent, ProxyAgent, request } from 'undici';
import { readText, type Transport } from '../posthog/http';

/** What the global fetch of the extension host cannot be told. */
export interface UndiciOptions {
  /** Proxy for all requests, such as `http://proxy.example.com:3128`. */
  proxy?: string;
  /** PEM certificates to trust besides the system's. */
  ca?: readonly string[];
  /** PEM client certificate and its private key. */
  cert?: string;
  key?: string;
  /** False: any certificate is accepted. Only what `http.proxyStrictSSL: false` asks for. */
  rejectUnauthorized?: boolean;
}

/**
 * A transport with a dispatcher of its own. The process-wide dispatcher belongs to all extensions and is never
 * touched.
 */
export function createUndiciTransport({
  proxy,
  ca = [],
  cert,
  key,
  rejectUnauthorized = true,
}: UndiciOptions): Transport & { close(): Promise<void> } {
  const connect = {
    ca: [...rootCertificates, ...systemCertificates(), ...ca],
    rejectUnauthorized,
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  const dispatcher =
    proxy === undefined
      ? new Agent({ connect })
      : new ProxyAgent({ uri: proxy, requestTls: connect, proxyTls: connect });
  const transport: Transport = async ({ url, method, headers, body, signal }) => {
    const answer = await request(url, {
      dispatcher,
      method,
      headers: { ...headers },
      signal,
      body: body instanceof ReadableStream ? Readable.from(body) : (body ?? null),
    });
    return {
      status: answer.statusCode,
      header: (name) => {
        const value = answer.headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : value;
      },
      text: () => readText(answer.body),
    };
  };
  return Object.assign(transport, { close: () => dispatcher.close() });
}

/** Node older than 22.15 cannot be asked for the certificates of the system. */
function systemCertificates(): readonly string[] {
  return 'getCACertificates' in tls ? tls.getCACertificates('system') : [];
}
