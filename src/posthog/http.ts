/** An HTTP request for a transport. Keys, time limits, and retries are handled before. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | ReadableStream<Uint8Array>;
  /** Aborts the request and the reading of the response. */
  signal: AbortSignal;
}

/** A transport's response. The body is read at most once. */
export interface HttpResponse {
  status: number;
  /** @param name of the header, in any case */
  header(name: string): string | undefined;
  /** @throws ResponseTooLargeError above {@link MAX_RESPONSE_BYTES}, or whatever the connection throws */
  text(): Promise<string>;
}

/**
 * Sends a request and returns the response. It doesn't follow redirects and knows nothing about PostHog. It rejects
 * with the connection's own error, in which the client looks for the cause.
 */
export type Transport = ((request: HttpRequest) => Promise<HttpResponse>) & {
  /** The proxy configured for an address, for error messages; undefined if none is known. */
  proxyOf?(url: string): Promise<ProxyUse | undefined>;
};

/** A proxy in words. */
export interface ProxyUse {
  /** Host and port, without user name and password. */
  address: string;
  /** Where it's configured, in words: `the setting http.proxy`. */
  setting: string;
}

/** The size limit for responses. A page of 100 tables with hundreds of columns each is smaller. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** A response above {@link MAX_RESPONSE_BYTES}. */
class ResponseTooLargeError extends Error {
  readonly code = 'RESPONSE_TOO_LARGE';
}

/**
 * Reads a body as UTF-8 text, up to a limit.
 *
 * @param body chunks as they arrive, or null for no body
 * @param limitBytes where reading fails with {@link ResponseTooLargeError}
 */
export async function readText(
  body: AsyncIterable<Uint8Array> | null,
  limitBytes: number = MAX_RESPONSE_BYTES,
): Promise<string> {
  if (body === null) {
    return '';
  }
  const decoder = new TextDecoder();
  let text = '';
  let readBytes = 0;
  for await (const chunk of body) {
    readBytes += chunk.byteLength;
    if (readBytes > limitBytes) {
      throw new ResponseTooLargeError();
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * The default transport: the global `fetch`, looked up for each call because VS Code adds proxy settings and system
 * certificates to it after load.
 */
export const fetchTransport: Transport = async (request) => {
  const init: RequestInit & { duplex?: 'half' } = {
    method: request.method,
    headers: request.headers,
    redirect: 'manual',
    signal: request.signal,
  };
  if (request.body instanceof ReadableStream) {
    init.duplex = 'half';
    init.body = request.body;
  } else if (request.body !== undefined) {
    init.body = typeof request.body === 'string' ? request.body : new Uint8Array(request.body);
  }
  const response = await globalThis.fetch(request.url, init);
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    text: () => readText(response.body),
  };
};
