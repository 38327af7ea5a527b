import { applySettings, type SettingsClient, type SettingsOutcome } from '../applySettings';
import type { Confirmed } from '../applySteps';
import { beginOf } from '../history/recording';
import type { OperationServices } from '../services';
import type { CopyPlan } from './planCopy';

/** How a copy is applied. */
export interface CopyPorts extends Pick<Confirmed, 'noticesOf'> {
  readonly signal: AbortSignal;
  /** Identifies all targets of one copy, which are undone together. */
  readonly together?: string | undefined;
}

/**
 * Applies what was planned for a target, as any other change set, and announces it.
 *
 * @throws Cancelled if the user canceled before anything was sent
 */
export async function applyCopy(
  services: OperationServices<SettingsClient>,
  { at, set }: CopyPlan,
  { signal, together, noticesOf }: CopyPorts,
): Promise<SettingsOutcome> {
  const { connectionId, environment, name } = at;
  const { connections, changes, receipts } = services;
  const client = await connections.client(connectionId);
  const begin = beginOf(services, {
    connectionId,
    environment,
    environmentName: name,
    kind: 'copy',
    together,
  });
  const outcome = await applySettings(set, {
    ...{ client, signal, begin },
    confirm: async () => ({ isAsked: false, ...(noticesOf && { noticesOf }) }),
  });
  const detail = outcome.kind === 'unknown' ? undefined : outcome.result?.state;
  if (outcome.changed.length > 0) {
    receipts.add({
      done: outcome.kind === 'applied' ? 'Copied to' : 'Partly copied to',
      connectionId,
      environmentId: environment.id,
      name: detail?.name,
      keys: outcome.changed,
      isUndoable: true,
    });
  }
  if (detail) {
    changes.fire({ kind: 'environment', connectionId, environment, detail });
  }
  return outcome;
}
