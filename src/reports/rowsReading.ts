import { randomUUID } from 'node:crypto';
import type { Connections } from '../connections/connections';
import { Cancelled } from '../connections/failures';
import { requireScope } from '../connections/requireScope';
import type { PostHogClient } from '../posthog/client';
import { isPostHogError, restate, type PostHogError } from '../posthog/errors';
import type { EnvironmentRef, QueryResult, WarehouseTable } from '../posthog/models';
import { previewQuery, previewRowLimit } from '../posthog/hogql';
import type { RowsPlace } from './reportTargets';

/** How long ending a query on the server may take before the outcome is called unknown. */
const endingTimeoutMs = 10_000;

/** The first rows of a table. */
export interface RowsReading {
  table: WarehouseTable;
  sql: string;
  result: QueryResult;
  readAt: Date;
}

/** The person cancelled while the query was on its way; says what became of it on the server. */
export class QueryCancelled extends Cancelled {
  constructor(readonly told: string) {
    super();
  }
}

/**
 * Reads the first rows of a table (API facts 5.4). Cancelling, and running into the time limit, ends the query on
 * the server too.
 *
 * @throws PostHogError in words about the table; QueryCancelled
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
      throw new QueryCancelled(
        `Reading rows of ${table.name} was cancelled. ${await endQuery(client, environment, clientQueryId)}`,
      );
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

/** Ends a query and says in a sentence what became of it. */
async function endQuery(client: PostHogClient, ref: EnvironmentRef, clientQueryId: string): Promise<string> {
  try {
    const ended = await client.cancelQuery(ref, clientQueryId, AbortSignal.timeout(endingTimeoutMs));
    return ended
      ? 'PostHog has ended the query too.'
      : 'PostHog runs no such query (any more). Nothing was changed.';
  } catch (error) {
    if (isPostHogError(error)) {
      return 'PostHog did not confirm that it ended the query too; it ends by itself. Reading changes nothing.';
    }
    throw error;
  }
}

/** Says which table could not be read; the server only says what was wrong. */
function aboutTable(error: PostHogError, table: WarehouseTable): PostHogError {
  if (error.kind !== 'validation' && error.kind !== 'query-failed') {
    return error;
  }
  const invalid = table.columns.some((column) => !column.schema_valid);
  return restate(error, {
    what: `PostHog could not read rows of ${table.name}.`,
    why: error.detail ? `It says: ${error.detail}` : error.why,
    remedy: invalid
      ? 'Some columns of this table are marked invalid: correct their types, or refresh the schema, and try again.'
      : 'Check the URL pattern, the format and the credentials of the table, or refresh its schema, and try again.',
  });
}
