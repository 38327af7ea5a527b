/** One HTTP request as a transport gets it: everything about the key, time limits and retries is settled before. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | ReadableStream<Uint8Array>;
  /** Aborts the request and the reading of the answer. */
  signal: AbortSignal;
}

/** The answer of a transport. The body is read at most once. */
export interface HttpResponse {
  status: number;
  /** @param name header name, any case. */
  header(name: string): string | undefined;
  /** @throws ResponseTooLargeError above {@link MAX_RESPONSE_BYTES}; else whatever the connection throws. */
  text(): Promise<string>;
}

/**
 * Carries one request to the server and back. It follows no redirect and knows no PostHog;
 * it rejects with the connection's own error, from which the client reads the cause.
 */
export type Transport = ((request: HttpRequest) => Promise<HttpResponse>) & {
  /** The proxy that the settings put before an address, to be named when something fails; undefined where none is known. */
  proxyOf?(url: string): Promise<ProxyUse | undefined>;
};

/** A proxy in words. */
export interface ProxyUse {
  /** Host and port, without a user name and password. */
  address: string;
  /** Where it was set, as it is called: `the setting http.proxy`. */
  setting: string;
}

/** The largest answer that is read. A page of 100 tables with hundreds of columns each stays below. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/** An answer above {@link MAX_RESPONSE_BYTES}. */
class ResponseTooLargeError extends Error {
  readonly code = 'RESPONSE_TOO_LARGE';
}

/**
 * Reads a body as UTF-8 text, never more than the limit.
 *
 * @param body chunks as they arrive, or null for no body.
 * @param limitBytes where reading stops with {@link ResponseTooLargeError}.
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
 * The ordinary transport: the global `fetch`, looked up at each call because VS Code wires proxy settings and
 * system certificates into it after load.
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
