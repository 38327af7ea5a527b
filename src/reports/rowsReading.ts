import { randomUUID } from 'node:crypto';
import type { Connections } from '../connections/connections';
import { Canceled } from '../connections/failures';
import { requireScope } from '../connections/requireScope';
import type { PostHogClient } from '../posthog/client';
import { isPostHogError, isStop, restate, type PostHogError } from '../posthog/errors';
import type { EnvironmentRef, QueryResult, WarehouseTable } from '../posthog/models';
import { previewQuery, previewRowLimit } from '../posthog/hogql';
import type { RowsPlace } from './reportTargets';
import { queryStates } from '../operations/phrases/history';

/** How long canceling a query on the server may take before its outcome counts as unknown. */
const endingTimeoutMs = 10_000;

/** The first rows of a table. */
export interface RowsReading {
  table: WarehouseTable;
  sql: string;
  result: QueryResult;
  readAt: Date;
}

/**
 * Reads the first rows of a table (API facts 5.4). Canceling, or running into the timeout, also cancels the query on
 * the server.
 *
 * @throws PostHogError that names the table; Canceled with a note about what happened to the query on the server
 */
export async function readRowsOf(
  connections: Connections,
  { connectionId, environment, tableId }: RowsPlace,
  signal: AbortSignal,
): Promise<RowsReading> {
  requireScope(connections, connectionId, 'query:read');
  const client = await connections.client(connectionId);
  const table = await client.getTable(environment, tableId, signal);
  const sql = previewQuery(table, previewRowLimit);
  const clientQueryId = randomUUID();
  try {
    const result = await client.query(environment, { sql, clientQueryId }, signal);
    return { table, sql, result, readAt: new Date() };
  } catch (error) {
    if (signal.aborted) {
      throw new Canceled({
        note: `Canceled getting rows of ${table.name}. ${await endQuery(client, environment, clientQueryId)}`,
      });
    }
    if (!isPostHogError(error)) {
      throw error;
    }
    if (error.kind === 'timeout') {
      const ended = await endQuery(client, environment, clientQueryId);
      throw restate(error, { why: [error.why, ended].filter(Boolean).join(' ') });
    }
    throw aboutTable(error, table);
  }
}

/** Cancels a query and says in a sentence what happened to it. */
async function endQuery(client: PostHogClient, ref: EnvironmentRef, clientQueryId: string): Promise<string> {
  try {
    const ended = await client.cancelQuery(ref, clientQueryId, AbortSignal.timeout(endingTimeoutMs));
    return ended ? queryStates.canceled : queryStates.ended;
  } catch (error) {
    if (isStop(error)) {
      return queryStates.unconfirmed;
    }
    throw error;
  }
}

/** Says which table couldn't be read; the server only says what was wrong. */
function aboutTable(error: PostHogError, table: WarehouseTable): PostHogError {
  if (error.kind !== 'validation' && error.kind !== 'query-failed') {
    return error;
  }
  const invalid = table.columns.some((column) => !column.schema_valid);
  return restate(error, {
    what: `PostHog couldn't read rows of ${table.name}.`,
    why: error.detail ? `It says: ${error.detail}` : error.why,
    remedy: invalid
      ? 'Some columns of this table are marked as invalid. Correct their types, or refresh the schema, then try again.'
      : "Check the table's URL pattern, format, and credentials, or refresh its schema, then try again.",
  });
}
