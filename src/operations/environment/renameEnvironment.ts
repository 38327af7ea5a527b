import {
  applySettings,
  type Applying,
  type SettingsClient,
  type SettingsOutcome,
} from '../save/applySettings';
import { planSettingsChanges } from '../changeSet';
import { generationOf, type ProfiledClient } from '../generation';
import { beginOf } from '../history/recording';
import { renamedMeanwhile } from '../phrases/environments';
import { receiptOf } from '../phrases/receipts';
import type { EnvironmentAt, OperationServices } from '../services';
import { keyOf } from '../../settings/keys';

/**
 * Renames an environment. Only the name is compared, sent, and confirmed.
 *
 * @throws Canceled if the user canceled before anything was sent
 */
export async function renameEnvironment(
  services: OperationServices<SettingsClient & ProfiledClient>,
  { connectionId, environment, name: old }: EnvironmentAt,
  name: string,
  { signal, confirm }: Pick<Applying<unknown>, 'signal' | 'confirm'>,
): Promise<SettingsOutcome> {
  const { connections, changes, receipts } = services;
  const client = await connections.client(connectionId);
  const generation = await generationOf(client, environment, signal);
  const set = planSettingsChanges({
    environment,
    generation,
    base: { [keyOf.name]: old },
    mine: { [keyOf.name]: name },
  });
  const begin = beginOf(services, { connectionId, environment, environmentName: old, kind: 'rename' });
  const outcome = await applySettings(set, { client, signal, confirm, begin });
  const detail = outcome.kind === 'unknown' ? undefined : outcome.result?.state;
  if (outcome.kind === 'applied' && detail) {
    receipts.add({
      done: receiptOf.rename(old),
      connectionId,
      environmentId: environment.id,
      name: detail.name,
      keys: [keyOf.name],
    });
  }
  if (detail) {
    changes.fire({ kind: 'environment', connectionId, environment, detail });
  }
  return outcome.conflicts.length > 0 ? { ...outcome, what: renamedMeanwhile, why: '' } : outcome;
}
