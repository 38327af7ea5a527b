import { applyPlannedSettings, reviewOfSettings, type PlannedPorts } from '../save/applyPlannedSettings';
import type { SettingsClient, SettingsOutcome } from '../save/applySettings';
import { notApplied } from '../outcome';
import { nothingSent } from '../../posthog/outcomePhrases';
import { cantBeChangedAs, changedSincePlanned, planAgain, readOnlyInFile } from '../phrases/plans';
import type { Consent } from '../review/consent';
import { hasRisks, reviewItems, type ReviewItem } from '../review/reviewItems';
import type { OperationServices } from '../services';
import { pathText } from '../../json/merge/path';
import type { PlannedEnvironment } from './planEnvironment';

/** Applies the changes that bring an environment in line with the file, through the steps of every change set. */
export async function applyPlan(
  services: OperationServices<SettingsClient>,
  connectionId: string,
  { target, environment, serverName, set, problems }: PlannedEnvironment,
  ports: PlannedPorts,
): Promise<SettingsOutcome> {
  const problem = problems.find(({ severity }) => severity === 'error');
  if (problem) {
    return notApplied(cantBeChangedAs(serverName, 'planned'), {
      why: `${problem.message} ${nothingSent}`,
      spots: [{ path: problem.path, message: problem.message, code: 'refused' }],
    });
  }
  if (target.isReadOnly && set.changes.length > 0) {
    return notApplied(readOnlyInFile(target.name), { why: nothingSent });
  }
  const at = { connectionId, environment, name: serverName };
  const outcome = await applyPlannedSettings(services, 'apply', { at, set }, ports);
  return outcome.conflicts.length > 0 && outcome.kind === 'notApplied'
    ? {
        ...outcome,
        what: changedSincePlanned(
          outcome.conflicts.map(({ path }) => pathText(path)),
          serverName,
        ),
        why: `${nothingSent} ${planAgain}`,
      }
    : outcome;
}

/** Why a plan can't be applied at all, as sentences. */
export const whyNotApplicable = ({ target, problems }: PlannedEnvironment): readonly string[] => [
  ...problems
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => `${target.name}: ${message}`),
  ...(target.isReadOnly ? [`${target.name} is read-only according to the file.`] : []),
];

/** The changes of a plan, with the risk of each. */
export const itemsOf = (plan: PlannedEnvironment): readonly ReviewItem[] =>
  reviewItems(reviewOfSettings(plan.serverName, plan));

/** The kinds of consent that applying a plan needs, besides the ordinary one. */
export function consentsFor(plan: PlannedEnvironment, isProtected: boolean): readonly Consent[] {
  return [
    ...(hasRisks(itemsOf(plan)) ? (['risky'] as const) : []),
    ...(isProtected ? (['protected'] as const) : []),
  ];
}
