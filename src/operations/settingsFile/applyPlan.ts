import { applySettings, type SettingsClient, type SettingsOutcome } from '../applySettings';
import type { Confirmed, Review } from '../applySteps';
import { beginOf } from '../history/recording';
import { notApplied } from '../outcome';
import { list, nothingSent } from '../phrases';
import type { Consent } from '../review/consent';
import { reviewItems, type ReviewItem } from '../review/reviewItems';
import type { OperationServices } from '../services';
import { pathText } from '../../json/merge/path';
import type { PlannedEnvironment } from './planEnvironment';

/** How a plan is applied. */
interface ApplyPorts extends Pick<Confirmed, 'noticesOf'> {
  readonly signal: AbortSignal;
  /** Identifies all environments of one application, which are undone together. */
  readonly together?: string | undefined;
}

/** Applies what an environment needs to be as the file says, through the steps of every change set. */
export async function applyPlan(
  services: OperationServices<SettingsClient>,
  connectionId: string,
  { target, environment, serverName, set, problems }: PlannedEnvironment,
  { signal, together, noticesOf }: ApplyPorts,
): Promise<SettingsOutcome> {
  const problem = problems.find(({ severity }) => severity === 'error');
  if (problem) {
    return notApplied(`${serverName} can't be changed as planned.`, {
      why: `${problem.message} ${nothingSent}`,
      spots: [{ path: problem.path, message: problem.message, code: 'refused' }],
    });
  }
  if (target.isReadOnly && set.changes.length > 0) {
    return notApplied(`The settings file says that ${target.name} is read-only.`, { why: nothingSent });
  }
  const client = await services.connections.client(connectionId);
  const begin = beginOf(services, {
    connectionId,
    environment,
    environmentName: serverName,
    kind: 'apply',
    together,
  });
  const outcome = await applySettings(set, {
    ...{ client, signal, begin, again: 'Apply again' as const },
    confirm: async () => ({ isAsked: false, ...(noticesOf && { noticesOf }) }),
  });
  const detail = outcome.kind === 'unknown' ? undefined : outcome.result?.state;
  if (detail) {
    services.changes.fire({ kind: 'environment', connectionId, environment, detail });
  }
  if (outcome.changed.length > 0) {
    services.receipts.add({
      done: outcome.kind === 'applied' ? 'Applied to' : 'Partly applied to',
      connectionId,
      environmentId: environment.id,
      name: detail?.name ?? serverName,
      keys: outcome.changed,
      isUndoable: true,
    });
  }
  return outcome.conflicts.length > 0 && outcome.kind === 'notApplied'
    ? {
        ...outcome,
        what: `Someone changed ${list(outcome.conflicts.map(({ path }) => pathText(path)))} in ${serverName} after this was planned.`,
        why: `${nothingSent} Plan again to see what is there now.`,
      }
    : outcome;
}

/** What is about to be sent, as it is reviewed. */
export const reviewOf = ({ environment, serverName, raw, set }: PlannedEnvironment): Review => ({
  changes: set.changes,
  environmentName: serverName,
  sending: {
    kind: 'settings',
    environment,
    generation: set.generation,
    theirs: set.base,
    merged: set.mine,
    raw,
    body: set.body,
  },
});

/** The changes of a plan, with the risk of each. */
export const itemsOf = (plan: PlannedEnvironment): readonly ReviewItem[] => reviewItems(reviewOf(plan));

/** The kinds of consent that applying a plan takes, besides an ordinary one. */
export function consentsFor(plan: PlannedEnvironment, isProtected: boolean): readonly Consent[] {
  return [
    ...(itemsOf(plan).some(({ risks }) => risks.length > 0) ? (['risky'] as const) : []),
    ...(isProtected ? (['protected'] as const) : []),
  ];
}
