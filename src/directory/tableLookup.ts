import type { ReadingClient } from '../posthog/client';
import type { EnvironmentRef, WarehouseTable } from '../posthog/models';
import { itemsOf } from '../posthog/paging';

/** The call that looking up tables makes. */
export type TableLister = Pick<ReadingClient, 'listTables'>;

/** All tables of an environment, page by page. */
export async function* allTables(
  client: TableLister,
  environment: EnvironmentRef,
  signal: AbortSignal,
): AsyncGenerator<WarehouseTable> {
  yield* itemsOf((offset) => client.listTables(environment, { offset, limit: 500 }, signal));
}

/** The table with exactly this name, or undefined. */
export async function tableNamed(
  client: TableLister,
  environment: EnvironmentRef,
  name: string,
  signal: AbortSignal,
): Promise<WarehouseTable | undefined> {
  const namesakes = itemsOf((offset) =>
    client.listTables(environment, { offset, limit: 100, search: name }, signal),
  );
  for await (const table of namesakes) {
    if (table.name === name) {
      return table;
    }
  }
  return undefined;
}
