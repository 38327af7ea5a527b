import { allTables, type TableLister } from '../../directory/tableLookup';
import type { UploadRoute, WarehouseTable } from '../../posthog/models';
import type { Uploads } from '../../posthog/uploads';
import { isHostedUpload, readsUpload } from '../../warehouse/uploadFile';
import type { EnvironmentAt, OperationServices } from '../services';

/** The calls that planning makes; none of them sends a file. */
type PlanningClient = TableLister & { uploads(): Promise<Pick<Uploads, 'takes' | 'route'>> };

/** What an upload may do to existing tables and files (API facts 2.7). */
export interface UploadPlan {
  /** The table with the same name. */
  existing: WarehouseTable | undefined;
  /** How the file is sent. Only the older action overwrites. */
  route: UploadRoute;
  /** The other tables whose stored file a file of this name would overwrite. */
  readersOf(fileName: string): readonly WarehouseTable[];
}

/** What the user agreed to. */
export interface Overwrite {
  /** The table with the same name, as it was before. */
  existing: WarehouseTable | undefined;
  /** The name under which the file is sent. */
  fileName: string;
  route: UploadRoute;
}

/** Finds out how a file would be sent and what that would overwrite. */
export async function planUpload(
  { connections }: Pick<OperationServices<PlanningClient>, 'connections'>,
  { connectionId, environment }: Pick<EnvironmentAt, 'connectionId' | 'environment'>,
  { name, format }: { name: string; format: string },
  signal: AbortSignal,
): Promise<UploadPlan> {
  const client = await connections.client(connectionId);
  const uploads = await client.uploads();
  const route = uploads.takes(format) ? await uploads.route(environment, signal) : 'file';
  // There is no search for tables that read the same stored file, so the whole list is loaded.
  const hosted: WarehouseTable[] = [];
  let existing: WarehouseTable | undefined;
  for await (const table of allTables(client, environment, signal)) {
    if (table.name === name) {
      existing ??= table;
    } else if (isHostedUpload(table.url_pattern)) {
      hosted.push(table);
    }
  }
  return !existing && route === 'upload_file'
    ? { existing, route, readersOf: () => [] }
    : {
        existing,
        route: 'file',
        readersOf: (fileName) =>
          hosted.filter(({ url_pattern }) => readsUpload(url_pattern, environment.id, fileName)),
      };
}
