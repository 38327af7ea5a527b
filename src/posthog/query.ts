import { isJsonObject } from '../json/json';
import type { JsonObject } from '../json/json';
import { PostHogError, isPostHogError } from './errors';
import type { QueryResult } from './models';
import { readQueryResult } from './resultReaders';
import type { ApiAnswer, ApiCall, Requester } from './request';
import { segment } from './routes';

/** A HogQL query (API facts 5.4). */
export interface HogQLQuery {
  sql: string;
  /** Values for `{placeholders}` in the SQL. */
  values?: JsonObject;
  /** Chosen by the caller, so that the query can be canceled from elsewhere. */
  clientQueryId: string;
}

const QUERY_TIMEOUT_MS = 120_000;
const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 2000;
/** When polling gives up. The server ends its queries earlier. */
const POLLING_LIMIT_MS = 10 * 60_000;

/**
 * Runs a query and, if the server responds with 202, polls for the result.
 *
 * @param path the `query/` collection of the environment.
 * @throws PostHogError `query-failed` if the query ran and failed, `validation` for invalid SQL
 */
export async function runQuery(
  http: Requester,
  path: string,
  query: HogQLQuery,
  signal: AbortSignal,
): Promise<QueryResult> {
  const { sql, values, clientQueryId } = query;
  const start: ApiCall = {
    method: 'POST',
    path,
    body: {
      query: { kind: 'HogQLQuery', query: sql, ...(values === undefined ? {} : { values }) },
      refresh: 'blocking',
      client_query_id: clientQueryId,
      name: 'vscode preview',
    },
    signal,
    timeoutMs: QUERY_TIMEOUT_MS,
    readsOnly: true,
  };
  let answer = await http.send(start);
  let waitedMs = 0;
  for (let waitMs = FIRST_POLL_MS; isRunning(answer); waitMs = Math.min(waitMs * 2, SLOWEST_POLL_MS)) {
    if (waitedMs >= POLLING_LIMIT_MS) {
      throw tookTooLong();
    }
    await http.sleep(waitMs, signal);
    waitedMs += waitMs;
    answer = await http.send({ method: 'GET', path: `${path}${segment(clientQueryId)}/`, signal });
  }
  return resultOf(http, start, answer);
}

/** Cancels a query on the server. @returns false if there is none with this ID */
export async function cancelQuery(http: Requester, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await http.send({ method: 'DELETE', path, signal, readsOnly: true });
    return true;
  } catch (error) {
    if (isPostHogError(error) && error.kind === 'not-found') {
      return false;
    }
    throw error;
  }
}

function statusOf(answer: ApiAnswer): JsonObject | undefined {
  const status = isJsonObject(answer.json) ? answer.json.query_status : undefined;
  return isJsonObject(status) ? status : undefined;
}

const isRunning = (answer: ApiAnswer): boolean =>
  answer.status === 202 || statusOf(answer)?.complete === false;

function resultOf(http: Requester, call: ApiCall, answer: ApiAnswer): QueryResult {
  const status = statusOf(answer);
  const failure = status?.error === true ? (status.error_message ?? '') : errorOf(answer.json);
  if (typeof failure === 'string') {
    throw queryFailed(answer.tidy(failure));
  }
  // A polled response has the result inside its status.
  const result = readQueryResult(answer.json) ?? readQueryResult(status?.results);
  if (result === undefined) {
    throw http.unexpected(call, answer.status, 'It has no rows.');
  }
  return result;
}

function errorOf(json: unknown): string | undefined {
  const error = isJsonObject(json) ? json.error : undefined;
  return typeof error === 'string' && error !== '' ? error : undefined;
}

const queryFailed = (detail: string): PostHogError =>
  new PostHogError({
    kind: 'query-failed',
    what: "PostHog couldn't run the query.",
    why: detail === '' ? '' : `It says: ${detail}`,
    remedy: 'Correct the query or the table and try again.',
    detail,
  });

const tookTooLong = (): PostHogError =>
  new PostHogError({
    kind: 'timeout',
    what: 'The query took too long.',
    why: `There was no result after ${POLLING_LIMIT_MS / 60_000} minutes.`,
    remedy: 'Read fewer rows or add a condition.',
  });
