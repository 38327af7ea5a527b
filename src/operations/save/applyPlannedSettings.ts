import type { JsonObject } from '../../json/json';
import { applySettings, type SettingsClient, type SettingsOutcome } from './applySettings';
import type { Confirm, Review } from './applySteps';
import type { SettingsChangeSet } from '../changeSet';
import type { Proposed } from '../history/entry';
import { beginOf } from '../history/recording';
import type { EnvironmentAt, OperationServices } from '../services';
import { receiptOf } from '../phrases/receipts';

/** Changes of an environment that are planned before their review, as for a copy or a settings file. */
export interface PlannedSettings {
  readonly at: EnvironmentAt;
  readonly set: SettingsChangeSet;
  /** The server's current environment. */
  readonly raw: JsonObject;
}

/** How planned settings are applied. */
export interface PlannedPorts {
  readonly signal: AbortSignal;
  /** Called with what is left to send, which was reviewed already. Throwing stops it. */
  readonly confirm?: Confirm | undefined;
  /** Identifies all environments that are written together, which are undone together. */
  readonly together?: string | undefined;
  readonly proposed?: Proposed | undefined;
}

/**
 * Applies reviewed settings like any other change set, and announces PostHog's new state.
 *
 * @throws Canceled if the user canceled before anything was sent
 */
export async function applyPlannedSettings(
  services: OperationServices<SettingsClient>,
  kind: 'copy' | 'apply',
  { at: { connectionId, environment, name }, set }: Pick<PlannedSettings, 'at' | 'set'>,
  { signal, together, proposed, confirm }: PlannedPorts,
): Promise<SettingsOutcome> {
  const { connections, changes, receipts } = services;
  const outcome = await applySettings(set, {
    client: await connections.client(connectionId),
    ...{ signal, confirm },
    begin: beginOf(services, {
      ...{ connectionId, environment, environmentName: name },
      ...{ kind, together, proposed },
    }),
    ...(kind === 'apply' && { again: 'Apply again' }),
  });
  const detail = outcome.kind === 'unknown' ? undefined : outcome.result?.state;
  if (detail) {
    changes.fire({ kind: 'environment', connectionId, environment, detail });
  }
  if (outcome.changed.length > 0) {
    receipts.add({
      done: receiptOf[kind](outcome.kind === 'applied'),
      connectionId,
      environmentId: environment.id,
      name: detail?.name ?? name,
      keys: outcome.changed,
      isUndoable: true,
    });
  }
  return outcome;
}

/** What will be sent, for the review. */
export const reviewOfSettings = (
  environmentName: string,
  { set, raw }: Pick<PlannedSettings, 'set' | 'raw'>,
): Review => {
  const { environment, generation, base, mine, body, changes } = set;
  return {
    changes,
    environmentName,
    sending: { kind: 'settings', environment, generation, theirs: base, merged: mine, raw, body },
  };
};
