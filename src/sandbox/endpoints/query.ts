import { invalid, notFound } from '../errors';
import type { ApiError, Reply } from '../errors';
import { newUuid, stableToken, timestamp } from '../ids';
import { isJsonObject, pythonString } from '../json';
import type { JsonObject, JsonValue } from '../json';
import { runQuery } from '../query/run';
import { queryError } from '../query/tokens';
import { objectBody } from '../request';
import type { Caller } from '../request';
import type { Environment, RunningQuery, State } from '../state';
import type { Endpoint } from './endpoint';
import { mayQuery, ok, openEnvironment, underEnvironment } from './endpoint';

const REFRESH_MODES = [
  'blocking',
  'async',
  'lazy_async',
  'force_blocking',
  'force_async',
  'force_cache',
  'async_except_on_cache_miss',
];

/** `POST …/query/`: counts as a read (API facts 5.4). */
async function createQuery(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'query:read');
  const { state } = caller;
  const body = await objectBody(caller.request);
  const { sql, values } = readQuery(body, state);
  const refresh = body.refresh ?? 'blocking';
  if (typeof refresh !== 'string' || !REFRESH_MODES.includes(refresh)) {
    throw invalid(`"${pythonString(refresh)}" is not a valid choice.`, 'refresh', 'invalid_choice');
  }
  const given = body.client_query_id;
  const id = typeof given === 'string' && given !== '' ? given : newUuid();
  const running = start(state, environment, id, () => answer(state, environment, sql, values));
  if (refresh === 'blocking' || refresh === 'force_blocking' || refresh === 'force_cache') {
    const result = await running.finished;
    state.queries.delete(id);
    return ok(result);
  }
  running.finished.catch(() => undefined);
  return { status: 202, body: { query_status: status(running) } };
}

/** The query inside a node that only describes how to display it (API facts 9.3). */
function unwrapped(query: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(query) && query.kind === 'DataVisualizationNode' ? query.source : query;
}

function readQuery(body: JsonObject, state: State): { sql: string; values: JsonObject } {
  const query = unwrapped(body.query);
  if (query === undefined) {
    throw invalid('This field is required.', 'query', 'required');
  }
  if (!isJsonObject(query)) {
    throw invalid('Input should be a valid dictionary or object to extract fields from', 'query');
  }
  if (query.kind !== 'HogQLQuery') {
    throw queryError(state.generation, 'The sandbox answers queries of kind HogQLQuery only.');
  }
  if (typeof query.query !== 'string') {
    throw invalid('Field required', 'query__HogQLQuery__query');
  }
  return { sql: query.query, values: isJsonObject(query.values) ? query.values : {} };
}

async function answer(
  state: State,
  environment: Environment,
  sql: string,
  values: JsonObject,
): Promise<JsonObject> {
  const result = await runQuery(sql, values, environment.tables, state.generation);
  return {
    cache_key: stableToken('cache', sql),
    clickhouse: null,
    columns: result.columns,
    error: null,
    hasMore: result.hasMore,
    hogql: sql,
    is_cached: false,
    last_refresh: timestamp(state.now()),
    limit: result.limit,
    metadata: null,
    modifiers: null,
    offset: result.offset,
    query_status: null,
    results: result.results,
    timezone: environment.values.timezone ?? 'UTC',
    timings: null,
    types: result.types,
  };
}

/** Runs a query after the sandbox's query delay; canceling ends the delay. */
function start(
  state: State,
  environment: Environment,
  id: string,
  run: () => Promise<JsonObject>,
): RunningQuery {
  let stop: () => void = () => undefined;
  const waited = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(true), state.queryDelayMs);
    timer.unref();
    stop = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
  });
  const running: RunningQuery = {
    id,
    environmentId: environment.id,
    startedAt: timestamp(state.now()),
    outcome: null,
    cancel: () => stop(),
    finished: waited.then(async (go) => {
      if (!go) {
        throw canceled();
      }
      return run();
    }),
  };
  running.finished.then(
    (result) => {
      running.outcome = { result };
    },
    (error: unknown) => {
      running.outcome = { error: error instanceof Error ? error.message : 'Query failed.' };
    },
  );
  state.queries.set(id, running);
  return running;
}

function canceled(): ApiError {
  return invalid('The query was cancelled.');
}

function status(running: RunningQuery): JsonObject {
  const { outcome } = running;
  return {
    id: running.id,
    team_id: running.environmentId,
    query_async: true,
    complete: outcome !== null,
    error: outcome !== null && 'error' in outcome,
    error_message: outcome !== null && 'error' in outcome ? outcome.error : null,
    results: outcome !== null && 'result' in outcome ? outcome.result : null,
    start_time: running.startedAt,
    end_time: null,
    task_id: null,
  };
}

function findQuery(caller: Caller): RunningQuery {
  const environment = openEnvironment(caller, 'query:read');
  const found = caller.state.queries.get(caller.params.id ?? '');
  if (found?.environmentId !== environment.id) {
    throw notFound(`Query ${caller.params.id ?? ''} not found for team ${environment.id}`);
  }
  return found;
}

function retrieveQuery(caller: Caller): Reply {
  const running = findQuery(caller);
  return { status: running.outcome === null ? 202 : 200, body: { query_status: status(running) } };
}

function cancelQuery(caller: Caller): Reply {
  const running = findQuery(caller);
  running.cancel();
  caller.state.queries.delete(running.id);
  return { status: 204 };
}

/** HogQL over the sandbox's tables (API facts 5.4). */
export const queryEndpoints: Endpoint[] = [
  ...underEnvironment('query', { POST: createQuery }, mayQuery),
  ...underEnvironment('query/:id', { GET: retrieveQuery, DELETE: cancelQuery }, mayQuery),
];
