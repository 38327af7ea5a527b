import { Canceled } from '../../connections/failures';
import { outcomeText, type Outcome } from '../../operations/outcome';
import { leftoverRemoved, notRemoved } from '../../operations/phrases/uploads';
import { failedBy } from '../../operations/refused';
import { deleteTable } from '../../operations/table/deleteTables';
import type { WarehouseTable } from '../../posthog/models';
import { withProgress } from '../batch';
import { buttonFor, whereText } from '../placeNames';
import { AskAgain } from './uploadOverwrite';
import type { Upload } from './uploadState';

/** An upload failed, and the user knows why and what is left. */
export class ReportedFailure extends Canceled {}

/** Reports that a failed upload left a table without columns, and offers to remove it. */
export async function offerRemoval(
  upload: Upload,
  outcome: Outcome<unknown>,
  table: WarehouseTable,
): Promise<never> {
  const { services, source } = upload;
  const message = `${source.fileName}: ${outcomeText(outcome)}`;
  const remove = buttonFor(services, 'Remove from', [upload.target]);
  switch (await services.prompts.notify('error', message, remove, 'Change…')) {
    case remove:
      await removeLeftover(upload, table);
      break;
    case 'Change…':
      throw new AskAgain('format', `${outcome.what} Another format might work.`);
    case undefined:
      break;
  }
  throw new ReportedFailure();
}

async function removeLeftover(
  { services, target }: Upload,
  { id: tableId, name }: WarehouseTable,
): Promise<void> {
  const { log, prompts } = services;
  let outcome: Outcome;
  try {
    outcome = await withProgress(
      `Removing ${name} from ${whereText(services, target, target.name)}`,
      (_report, signal) => deleteTable(services, { ...target, tableId, name }, signal),
    );
  } catch (error) {
    outcome = failedBy(error, log);
  }
  if (outcome.kind === 'applied') {
    await prompts.notify('information', leftoverRemoved(name));
  } else {
    await prompts.notify('error', notRemoved(name, outcomeText(outcome)));
  }
}
