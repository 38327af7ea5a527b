import { isJsonObject } from '../json/json';
import type { JsonObject } from '../json/json';
import { untilAborted, wait } from './abort';
import { readAnswerJson } from './answerJson';
import {
  Canceled,
  PostHogError,
  causesText,
  isOurCanceled,
  isPostHogError,
  isStop,
  readOnlyError,
  restate,
} from './errors';
import type { Stop } from './errors';
import type { Failure } from './failures';
import type { HttpRequest, HttpResponse, Transport } from './http';
import type { Page, PageRequest } from './models';
import { probablyChanged } from './outcomePhrases';
import { readRows } from './readers';
import type { Reader } from './readers';
import { environmentIdIn } from './routes';
import { tidy } from './redact';

/** A line for the log: no query string, no body, no key. */
export interface RequestLogEntry {
  method: string;
  /** Only the path, because search terms are private. */
  path: string;
  status?: number;
  durationMs: number;
  /** The kind of the failure. */
  error?: string;
  /** The cause of the failure: codes and addresses, or the server's message. Without secrets. */
  cause?: string;
}

/** What a requester needs from its owner. */
export interface RequesterOptions {
  /** As `parseOrigin` returns it. Requests go there and nowhere else. */
  origin: string;
  /** Reads the key for each request, so that a replaced key is used immediately. */
  key(): Promise<string>;
  transport: Transport;
  userAgent: string;
  /** Limit for one attempt, from the request to the end of the response; calls may have a longer one. Default: 30,000. */
  timeoutMs?: number;
  onRequest?(entry: RequestLogEntry): void;
  /** The connection that the requests are for; added to errors. */
  connectionId?: string;
  /** Why nothing can be written to an environment, as sentences; `undefined` if it isn't read-only. */
  whyReadOnly?(environmentId: number): Promise<{ what: string; remedy: string } | undefined>;
  /** Waits before a retry; rejects when the signal aborts. Replaced in tests. */
  sleep?(durationMs: number, signal: AbortSignal): Promise<void>;
  /** The time in milliseconds. Replaced in tests. */
  now?(): number;
}

/** A body that isn't JSON, opened for each attempt. */
export interface StreamBody {
  contentType: string;
  sizeBytes: number;
  open(): ReadableStream<Uint8Array>;
  /** Why the stream ended early, unless the connection was the reason. */
  failure(): PostHogError | undefined;
}

/** An API call. */
export interface ApiCall {
  method: HttpRequest['method'];
  /** Starts and ends with a slash (API facts 1.1). */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: JsonObject;
  stream?: StreamBody;
  signal: AbortSignal;
  /** The minimum that the call needs; a longer limit of the requester wins. */
  timeoutMs?: number;
  /** A POST that changes nothing, so an unknown outcome is harmless. */
  readsOnly?: boolean;
}

/** A successful response. */
export interface ApiAnswer {
  status: number;
  /** undefined if the body is empty, as for some actions (API facts 1.8). */
  json: unknown;
  /** Prepares a text from this response for a message: short and without the key. */
  tidy(text: string): string;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_RETRIES = 2;
const MAX_RETRY_WAIT_MS = 10_000;
/** The smallest page to request if larger ones exceed the size limit. */
const SHORTEST_PAGE = 5;

/**
 * The only way to a PostHog server. Time limits, cancellation, retries, redirects, reading responses and errors, and
 * protecting the key happen here and nowhere else.
 */
export class Requester {
  readonly #options: RequesterOptions;

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  get origin(): string {
    return this.#options.origin;
  }

  /** Waits with this requester's clock. @throws Canceled */
  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    try {
      await (this.#options.sleep ?? wait)(durationMs, signal);
    } catch (error) {
      throw signal.aborted ? new Canceled() : await this.#failure(error, {});
    }
  }

  /**
   * Sends a call. A GET is retried if the server asks for a short wait (API facts 1.6); a write never is.
   *
   * @throws PostHogError or Canceled, and nothing else
   */
  async send(call: ApiCall): Promise<ApiAnswer> {
    await this.#refuseReadOnly(call);
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.#attempt(call);
      } catch (error) {
        const waitMs = isPostHogError(error) ? retryWaitMs(error) : undefined;
        if (call.method !== 'GET' || waitMs === undefined || retries === MAX_RETRIES) {
          throw error;
        }
        await this.sleep(waitMs, call.signal);
      }
    }
  }

  /** Every write goes through here, so none is sent to a read-only environment. */
  async #refuseReadOnly(call: ApiCall): Promise<void> {
    const id = changesServer(call) ? environmentIdIn(call.path) : undefined;
    const reason = id === undefined ? undefined : await this.#options.whyReadOnly?.(id);
    if (reason) {
      throw readOnlyError(reason);
    }
  }

  /** Sends a call and reads the response as a model. @throws PostHogError also if it isn't one */
  async read<T>(call: ApiCall, reader: Reader<T>): Promise<T> {
    const { status, json } = await this.send(call);
    const model = reader(json);
    if (model === undefined) {
      throw this.unexpected(call, status, 'Expected data is missing.');
    }
    return model;
  }

  /** Reads a page of a list by offset. `next` links are never followed (API facts 1.7). */
  async page<T>(call: ApiCall, page: PageRequest, reader: Reader<T>): Promise<Page<T>> {
    const { status, json } = await this.#sendForPage(call, page);
    const rows = Array.isArray(json) ? json : isJsonObject(json) ? json.results : undefined;
    if (!Array.isArray(rows)) {
      throw this.unexpected(call, status, "It isn't a list.");
    }
    const { items, unreadable } = readRows(rows, reader);
    const end = page.offset + rows.length;
    const count = isJsonObject(json) && typeof json.count === 'number' ? json.count : end;
    const hasNext = isJsonObject(json) && typeof json.next === 'string';
    return {
      items,
      unreadable,
      total: Math.max(count, end),
      nextOffset: rows.length > 0 && (hasNext || count > end) ? end : undefined,
    };
  }

  /** Requests fewer rows if a page exceeds the size limit: tables come with all their columns. */
  async #sendForPage(call: ApiCall, { offset, limit }: PageRequest): Promise<ApiAnswer> {
    for (let rows = limit; ; rows = Math.ceil(rows / 4)) {
      try {
        return await this.send({ ...call, query: { ...call.query, limit: rows, offset } });
      } catch (error) {
        const isTooLarge = isPostHogError(error) && error.code === 'RESPONSE_TOO_LARGE';
        if (!isTooLarge || rows <= SHORTEST_PAGE) {
          throw error;
        }
      }
    }
  }

  /** The error for a response that has a success status, but can't be used. */
  unexpected(call: ApiCall, status: number, why: string): PostHogError {
    const isWrite = changesServer(call);
    return new PostHogError({
      kind: 'unexpected-answer',
      what: `The extension doesn't understand the response from ${this.origin} (HTTP ${status}).`,
      why,
      remedy: isWrite
        ? probablyChanged
        : 'Check the address of the server. It may be an unsupported version of PostHog.',
      status,
      mayHaveBeenApplied: isWrite,
    });
  }

  async #attempt(call: ApiCall): Promise<ApiAnswer> {
    const startedAt = this.#now();
    const log = (facts: { status?: number; error?: string; cause?: string }) =>
      this.#options.onRequest?.({
        method: call.method,
        path: call.path,
        durationMs: this.#now() - startedAt,
        ...facts,
      });
    let answer: ApiAnswer;
    try {
      answer = await this.#exchange(call);
    } catch (error) {
      const { connectionId } = this.#options;
      const plain = isStop(error) ? error : await this.#failure(error, {});
      if (isOurCanceled(plain)) {
        log({ error: plain.kind });
        throw plain;
      }
      const failure = connectionId === undefined ? plain : restate(plain, { connectionId });
      const cause = causesText(failure) ?? failure.detail;
      log({
        ...(failure.status !== undefined && { status: failure.status }),
        error: failure.kind,
        ...(cause !== undefined && { cause }),
      });
      throw failure;
    }
    log({ status: answer.status });
    return answer;
  }

  /** One attempt: reads the key, applies the time limit, follows redirects, and reads the response. */
  async #exchange(call: ApiCall): Promise<ApiAnswer> {
    const key = await this.#readKey(call.signal);
    const timeoutMs = Math.max(call.timeoutMs ?? 0, this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const controller = new AbortController();
    const { signal } = controller;
    const abort = (): void => controller.abort();
    let isRead = false;
    const timer = setTimeout(abort, timeoutMs);
    call.signal.addEventListener('abort', abort);
    if (call.signal.aborted) {
      abort();
    }
    try {
      const response = await this.#follow(call, key, signal);
      const text = await untilAborted(response.text(), signal);
      isRead = true;
      return await this.#readAnswer(call, key, response, text);
    } catch (error) {
      if (isStop(error)) {
        throw error;
      }
      throw (
        (call.signal.aborted ? undefined : call.stream?.failure()) ??
        (await this.#failure(error, {
          isWrite: changesServer(call),
          canceled: call.signal.aborted,
          timedOutAfterMs: signal.aborted ? timeoutMs : undefined,
          sent: true,
          key,
        }))
      );
    } finally {
      clearTimeout(timer);
      call.signal.removeEventListener('abort', abort);
      if (!isRead) {
        // It would keep its connection open.
        abort();
      }
    }
  }

  /** Reads the key outside the time limit: a keyring may be asking the user for a password. */
  async #readKey(signal: AbortSignal): Promise<string> {
    let key: string;
    try {
      key = (await untilAborted(this.#options.key(), signal)).trim();
    } catch (error) {
      if (isStop(error)) {
        throw error;
      }
      if (signal.aborted) {
        throw new Canceled();
      }
      const { safeCause } = await import('./causes');
      throw new PostHogError({
        kind: 'unauthorized',
        what: "Couldn't read the API key of this connection.",
        why: "This computer's secret storage didn't return it.",
        remedy: 'Unlock the system keyring, or replace the key of this connection.',
        cause: safeCause(error),
      });
    }
    // Anything else would fail the platform's header check, which puts the key into its error message.
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw new PostHogError({
        kind: 'unauthorized',
        what: key === '' ? 'This connection has no API key.' : "The API key isn't valid.",
        why: key === '' ? '' : 'It contains spaces or other characters that no key has.',
        remedy: 'Replace the key.',
      });
    }
    return key;
  }

  async #follow(call: ApiCall, key: string, signal: AbortSignal): Promise<HttpResponse> {
    let url = this.#urlOf(call);
    for (let redirects = 0; ; redirects += 1) {
      const response = await untilAborted(
        this.#options.transport(this.#request(call, key, url, signal)),
        signal,
      );
      if (response.status < 300 || response.status > 399) {
        return response;
      }
      const { redirectTarget } = await import('./redirects');
      url = redirectTarget(response, url, redirects);
      // An unread body would keep its connection from being reused.
      await untilAborted(response.text(), signal);
    }
  }

  #urlOf(call: ApiCall): URL {
    const url = new URL(this.origin + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) {
        url.searchParams.set(name, String(value));
      }
    }
    if (url.origin !== this.origin) {
      throw new PostHogError({
        kind: 'bad-address',
        what: "The address of the connection can't be used.",
        why: 'It must be a scheme, a host, and optionally a port.',
        remedy: 'Correct the address of the connection.',
      });
    }
    return url;
  }

  #request(call: ApiCall, key: string, url: URL, signal: AbortSignal): HttpRequest {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      Authorization: `Bearer ${key}`,
      'User-Agent': this.#options.userAgent,
      'X-Posthog-Client': 'posthog-environments-vscode',
    };
    const request: HttpRequest = { method: call.method, url: url.href, headers, signal };
    if (call.stream !== undefined) {
      headers['Content-Type'] = call.stream.contentType;
      headers['Content-Length'] = String(call.stream.sizeBytes);
      request.body = call.stream.open();
    } else if (call.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      request.body = JSON.stringify(call.body);
    }
    return request;
  }

  async #readAnswer(call: ApiCall, key: string, response: HttpResponse, text: string): Promise<ApiAnswer> {
    const { status } = response;
    const isHtml =
      /^\s*</.test(text) || /\bhtml\b/i.test(response.header('content-type') ?? 'application/json');
    const { json, problem } = isHtml ? { json: undefined } : readAnswerJson(text, key);
    if (status < 200 || status > 299) {
      const { refusalError } = await import('./refusals');
      throw await refusalError({
        status,
        json,
        isHtml: isHtml && text !== '',
        page: json === undefined ? text.slice(0, 4000) : '',
        challenge: response.header('www-authenticate') ?? '',
        retryAfterSeconds: this.#retryAfterSeconds(response),
        origin: this.origin,
        isWrite: changesServer(call),
        key,
      });
    }
    if (text.trim() === '') {
      return { status, json: undefined, tidy: (quoted) => tidy(quoted, key) };
    }
    if (isHtml) {
      const { htmlSentences } = await import('./rareRefusals');
      const isWrite = changesServer(call);
      throw new PostHogError({
        ...htmlSentences(status, this.origin, isWrite),
        status,
        mayHaveBeenApplied: isWrite,
      });
    }
    if (problem !== undefined) {
      throw this.unexpected(call, status, problem);
    }
    return { status, json, tidy: (quoted) => tidy(quoted, key) };
  }

  #retryAfterSeconds(response: HttpResponse): number | undefined {
    const header = response.header('retry-after')?.trim() ?? '';
    if (/^\d{1,9}$/.test(header)) {
      return Number(header);
    }
    const date = Date.parse(header);
    return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - this.#now()) / 1000));
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  /** The sentences are loaded only if something fails. */
  async #failure(error: unknown, facts: Partial<Omit<Failure, 'error' | 'origin'>>): Promise<Stop> {
    const { failureError } = await import('./failures');
    return failureError({
      error,
      origin: this.origin,
      isWrite: false,
      canceled: false,
      timedOutAfterMs: undefined,
      sent: false,
      key: '',
      proxy: await this.#options.transport.proxyOf?.(this.origin),
      ...facts,
    });
  }
}

const changesServer = (call: ApiCall): boolean => call.method !== 'GET' && call.readsOnly !== true;

function retryWaitMs(error: PostHogError): number | undefined {
  const waitMs = (error.retryAfterSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  const isBusy = error.status === 429 || error.status === 503;
  return isBusy && waitMs <= MAX_RETRY_WAIT_MS ? waitMs : undefined;
}
