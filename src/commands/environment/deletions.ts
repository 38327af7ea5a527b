import { closeDocumentsOf } from '../../documents/tabs';
import { DeletionWatch } from '../../operations/environment/deletionWatch';
import {
  isDeletedEnvironment,
  isDeletionCanceled,
  unsavedTextStays,
} from '../../operations/phrases/environments';
import type { EnvironmentAt } from '../../operations/services';
import { clock } from '../../platform/clock';
import type { CommandServices } from '../command';

/** Watches deletions for this window, and says when one is over. */
export function watchDeletions(services: CommandServices): DeletionWatch {
  const { changes, connections, directory, log } = services;
  // Not awaited: the notification may stay for as long as the user likes.
  return new DeletionWatch(
    { changes, connections, directory, log, clock },
    (deleted) => {
      void showGone(services, deleted, isDeletedEnvironment(deleted.name));
    },
    (name) => {
      void services.prompts.notify('information', isDeletionCanceled(name));
    },
  );
}

/** Closes the clean documents of a deleted environment, and reports it. */
export async function showGone(
  { prompts }: CommandServices,
  { connectionId, environment }: Pick<EnvironmentAt, 'connectionId' | 'environment'>,
  message: string,
): Promise<void> {
  const kept = await closeDocumentsOf(connectionId, environment.id);
  await prompts.notify(
    'information',
    [message, unsavedTextStays(kept)].filter((text) => text !== '').join(' '),
  );
}
