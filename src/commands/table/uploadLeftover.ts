import { Cancelled, failureText } from '../../connections/failures';
import type { PostHogError } from '../../posthog/errors';
import type { WarehouseTable } from '../../posthog/models';
import { withProgress } from '../batch';
import { AskAgain } from './uploadOverwrite';
import type { Upload } from './uploadState';

/** An upload failed, and the person was told why and what is left. */
export class ToldFailure extends Cancelled {}

/** Tells that a failed upload has left a table without columns, and offers to remove it. */
export async function tellLeftover(
  upload: Upload,
  { what, why }: PostHogError,
  table: WarehouseTable,
): Promise<never> {
  const { services, source } = upload;
  const message = `${source.fileName}: ${what} ${why} It has left a table ${table.name} without columns.`;
  switch (await services.prompts.tell('error', message, 'Remove Table', 'Change…')) {
    case 'Remove Table':
      await removeLeftover(upload, table);
      break;
    case 'Change…':
      throw new AskAgain('format', `${what} Another format may read the file.`);
    case undefined:
      break;
  }
  throw new ToldFailure();
}

async function removeLeftover({ services, target, client }: Upload, table: WarehouseTable): Promise<void> {
  const { connectionId, environment } = target;
  try {
    await withProgress(`Removing ${table.name}`, (_report, signal) =>
      client.deleteTable(environment, table.id, signal),
    );
  } catch (error) {
    services.changes.tell({ kind: 'tables', connectionId, environment });
    await services.prompts.tell(
      'error',
      `${table.name} was not removed. ${failureText(error, services.log)} Use Delete Table… to try again.`,
    );
    return;
  }
  services.receipts.tell({ done: `Deleted ${table.name} in`, connectionId, environmentId: environment.id });
  services.changes.tell({ kind: 'tables', connectionId, environment, removedIds: [table.id] });
  await services.prompts.tell('information', `${table.name} is removed; nothing is left of the upload.`);
}
