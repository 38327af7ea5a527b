import { isJsonObject } from '../json/json';
import type { JsonObject } from '../json/json';
import { untilAborted, wait } from './abort';
import { readAnswerJson } from './answerJson';
import { PostHogError, isPostHogError, restate } from './errors';
import type { Failure } from './failures';
import type { HttpRequest, HttpResponse, Transport } from './http';
import type { Page, PageRequest } from './models';
import { readRows } from './readers';
import type { Reader } from './readers';
import { environmentIdIn } from './routes';
import { tidy } from './redact';

/** One line for the log: no query string, no body, no key. */
export interface RequestLogEntry {
  method: string;
  /** The path alone; what is searched for is nobody's business. */
  path: string;
  status?: number;
  durationMs: number;
  /** The kind of the failure. */
  error?: string;
  /** What stands behind the failure: codes and addresses, or the server's words. Without secrets. */
  cause?: string;
}

/** What the requester needs from its owner. */
export interface RequesterOptions {
  /** As `parseOrigin` returns it: every request goes there and nowhere else. */
  origin: string;
  /** Reads the key anew for each request, so that a replaced key works at once. */
  key(): Promise<string>;
  transport: Transport;
  userAgent: string;
  /** Limit of one attempt, from the request to the end of the answer; calls may have a longer one. Default 30 000. */
  timeoutMs?: number;
  onRequest?(entry: RequestLogEntry): void;
  /** The connection that this is for; its failures carry it. */
  connectionId?: string;
  /** Whether nothing may be written to an environment. */
  isReadOnly?(environmentId: number): boolean;
  /** Waits before a retry. Replaced in tests; rejects when the signal aborts. */
  sleep?(durationMs: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds of a clock. Replaced in tests. */
  now?(): number;
}

/** A body that is not JSON, opened anew for each attempt. */
export interface StreamBody {
  contentType: string;
  sizeBytes: number;
  open(): ReadableStream<Uint8Array>;
  /** Why the stream broke off, when that was not the connection's fault. */
  failure(): PostHogError | undefined;
}

/** One call of the API. */
export interface ApiCall {
  method: HttpRequest['method'];
  /** Begins and ends with a slash (API facts 1.1). */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: JsonObject;
  stream?: StreamBody;
  signal: AbortSignal;
  /** What the call needs at least; a longer limit of the requester counts instead. */
  timeoutMs?: number;
  /** A POST that changes nothing, so that an unknown outcome does no harm. */
  readsOnly?: boolean;
}

/** A successful answer. */
export interface ApiAnswer {
  status: number;
  /** undefined when the body is empty: some actions answer so (API facts 1.8). */
  json: unknown;
  /** Makes a text of this answer fit for a message: short, and without the key. */
  tidy(text: string): string;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_RETRIES = 2;
const MAX_RETRY_WAIT_MS = 10_000;
/** The fewest rows that are asked for when a page is larger than what is read. */
const SHORTEST_PAGE = 5;

/**
 * The one way to a PostHog server. Time limit, cancellation, retry, redirects, the reading of answers and errors,
 * and the keeping of the key are here and nowhere else.
 */
export class Requester {
  readonly #options: RequesterOptions;

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  get origin(): string {
    return this.#options.origin;
  }

  /** Waits with the clock of this requester. @throws PostHogError of kind `cancelled`. */
  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    try {
      await (this.#options.sleep ?? wait)(durationMs, signal);
    } catch (error) {
      throw signal.aborted ? this.cancelled() : await this.#failure(error, {});
    }
  }

  /** The error for a caller that gave up before anything was sent. */
  cancelled(): PostHogError {
    return new PostHogError({ kind: 'cancelled', what: 'The request was cancelled.', why: '', remedy: '' });
  }

  /**
   * Sends one call. A GET is tried again when the server names a short wait (API facts 1.6); a write never is.
   *
   * @throws PostHogError always of this family, whatever happens.
   */
  async send(call: ApiCall): Promise<ApiAnswer> {
    this.#refuseReadOnly(call);
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

  /** The one door that every write goes through: what is read-only here never gets one. */
  #refuseReadOnly(call: ApiCall): void {
    const id = changesServer(call) ? environmentIdIn(call.path) : undefined;
    if (id !== undefined && this.#options.isReadOnly?.(id)) {
      throw new PostHogError({
        kind: 'read-only',
        what: 'The environment is read-only on this computer. Nothing was sent.',
        why: '',
        remedy: 'To change it, choose Allow Saving in the menu of its row.',
      });
    }
  }

  /** Sends one call and reads the answer as a model. @throws PostHogError also when the answer is not one. */
  async read<T>(call: ApiCall, reader: Reader<T>): Promise<T> {
    const { status, json } = await this.send(call);
    const model = reader(json);
    if (model === undefined) {
      throw this.unexpected(call, status, 'The answer does not have the expected parts.');
    }
    return model;
  }

  /** Reads one page of a list by offset; `next` links are never followed (API facts 1.7). */
  async page<T>(call: ApiCall, page: PageRequest, reader: Reader<T>): Promise<Page<T>> {
    const { status, json } = await this.#sendForPage(call, page);
    const rows = Array.isArray(json) ? json : isJsonObject(json) ? json.results : undefined;
    if (!Array.isArray(rows)) {
      throw this.unexpected(call, status, 'The answer is not a list.');
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

  /** Asks for fewer rows where a page is larger than what is read: tables come with all of their columns. */
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

  /** The error for an answer that came with a success status and cannot be used. */
  unexpected(call: ApiCall, status: number, why: string): PostHogError {
    const isWrite = changesServer(call);
    return new PostHogError({
      kind: 'unexpected-answer',
      what: `${this.origin} gave an answer that the extension does not understand (HTTP ${status}).`,
      why,
      remedy: isWrite
        ? 'The change was probably made. Refresh to see the current state.'
        : 'Check the address of the connection; this may be another version of PostHog.',
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
      const plain = isPostHogError(error) ? error : await this.#failure(error, {});
      const failure = connectionId === undefined ? plain : restate(plain, { connectionId });
      const cause = failure.technical ?? failure.detail;
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

  /** One attempt: the key, the time limit, redirects, and the reading of the answer. */
  async #exchange(call: ApiCall): Promise<ApiAnswer> {
    const key = await this.#readKey(call.signal);
    const timeoutMs = Math.max(call.timeoutMs ?? 0, this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    const signal = AbortSignal.any([call.signal, limit.signal]);
    try {
      const response = await this.#follow(call, key, signal);
      const text = await untilAborted(response.text(), signal);
      return await this.#readAnswer(call, key, response, text);
    } catch (error) {
      if (isPostHogError(error)) {
        throw error;
      }
      throw (
        (call.signal.aborted ? undefined : call.stream?.failure()) ??
        (await this.#failure(error, {
          isWrite: changesServer(call),
          cancelled: call.signal.aborted,
          timedOutAfterMs: limit.signal.aborted ? timeoutMs : undefined,
          sent: true,
          key,
        }))
      );
    } finally {
      clearTimeout(timer);
      // An answer that nobody reads to its end would keep its connection.
      limit.abort();
    }
  }

  /** Reads the key outside of the time limit: a keyring may be asking the person for a password. */
  async #readKey(signal: AbortSignal): Promise<string> {
    let key: string;
    try {
      key = (await untilAborted(this.#options.key(), signal)).trim();
    } catch (error) {
      if (isPostHogError(error)) {
        throw error;
      }
      if (signal.aborted) {
        throw this.cancelled();
      }
      throw new PostHogError({
        kind: 'unauthorized',
        what: 'The API key of this connection could not be read.',
        why: 'The store for secrets on this computer did not give it out.',
        remedy: 'Unlock the keyring of the system, or replace the key of this connection.',
      });
    }
    // Anything else would make the platform's header check fail, with the key in the text of its error.
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw new PostHogError({
        kind: 'unauthorized',
        what: key === '' ? 'This connection has no API key.' : 'This cannot be an API key.',
        why: key === '' ? '' : 'It contains blanks or characters that no key has.',
        remedy: 'Replace the key of this connection.',
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
      // An unread body would keep its connection from being used again.
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
        what: 'The address of the connection cannot be used.',
        why: 'It is not an origin: a scheme, a host and perhaps a port.',
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

  /** The words are loaded when something fails. */
  async #failure(error: unknown, facts: Partial<Omit<Failure, 'error' | 'origin'>>): Promise<PostHogError> {
    const { failureError } = await import('./failures');
    return failureError({
      error,
      origin: this.origin,
      isWrite: false,
      cancelled: false,
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
