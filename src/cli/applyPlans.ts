import type { Log } from '../connections/ports';
import { actionFor } from '../operations/actions';
import { batchText, isComplete, retriable, runBatch, type BatchResult } from '../operations/batch';
import { outcomeText } from '../operations/outcome';
import { allApplied } from '../operations/phrases/plans';
import { list, sentences } from '../operations/phrases/sentences';
import { nothingSent } from '../posthog/outcomePhrases';
import type { OperationServices } from '../operations/services';
import { applyPlan, consentsFor, itemsOf, whyNotApplicable } from '../operations/settingsFile/applyPlan';
import type { EnvironmentPlan, PlannedEnvironment } from '../operations/settingsFile/planEnvironment';
import { isProtectedByFile } from '../operations/settingsFile/protection';
import type { PostHogClient } from '../posthog/client';
import { actionText } from './remedies';
import { formatVersion, outcomeJson, summaryOf } from './report';
import type { Session } from './session';
import { CliError } from './terminal';

/**
 * Applies plans after they were shown and confirmed.
 *
 * @returns the exit code; `undefined` if there is nothing to apply. @throws CliError if nothing may be sent
 */
export async function applyPlans(
  session: Session,
  plans: readonly EnvironmentPlan[],
): Promise<number | undefined> {
  const { terminal, options } = session;
  const open = plans.filter((plan) => plan.kind === 'planned').filter(({ set }) => set.changes.length > 0);
  const untried = (): void =>
    terminal.json({
      formatVersion,
      command: 'apply',
      environments: plans.map((plan) => outcomeJson(plan, undefined)),
    });
  if (open.length === 0) {
    terminal.info([summaryOf(plans)]);
    untried();
    return undefined;
  }
  stopAtProblems(open);
  stopAtMissingConsent(session, open);
  const names = list(open.map(({ target }) => target.name));
  if (!options.yes && !(await terminal.agrees(`Apply this to ${names}?`))) {
    terminal.info([`${nothingSent} To apply without confirmation, use --yes.`]);
    untried();
    return 2;
  }
  return send(session, plans, open);
}

async function send(
  session: Session,
  plans: readonly EnvironmentPlan[],
  open: readonly PlannedEnvironment[],
): Promise<number> {
  const { terminal } = session;
  const { signal } = terminal;
  const clientOf = session.clientsOf(open.map(({ target }) => target));
  const result = await runBatch(
    open.map((value) => ({ label: value.target.name, value })),
    async (plan) => {
      const services: OperationServices<PostHogClient> = {
        connections: { client: async () => clientOf(plan.target) },
        changes: { fire: () => undefined },
        receipts: { add: () => undefined },
      };
      const outcome = await applyPlan(services, plan.target.host, plan, { signal });
      if (outcome.kind === 'applied') {
        terminal.info([sentences(`${plan.target.name}: applied.`, outcomeText(outcome))]);
      }
      return outcome;
    },
    { signal, report: () => undefined, log: silent },
  );
  const { done, failed, interrupted, left } = result;
  if (isComplete(result)) {
    terminal.info([allApplied]);
  } else {
    const isWorthAnother = retriable(result).length + left.length > 0 || interrupted !== undefined;
    terminal.warn([
      batchText(result, 'Applied', false),
      ...new Set(failed.map(adviceOf).filter(Boolean)),
      ...(isWorthAnother ? ['Run apply again to send only the missing changes.'] : []),
    ]);
  }
  const became = [...done, ...failed, ...(interrupted ? [interrupted] : [])];
  terminal.json({
    formatVersion,
    command: 'apply',
    environments: plans.map((plan) =>
      outcomeJson(plan, became.find(({ item }) => item.value === plan)?.outcome),
    ),
  });
  const isCompared = plans.every((plan) => plan.kind === 'planned' && plan.notCompared.length === 0);
  return isComplete(result) && isCompared ? 0 : 1;
}

/** What to do about a plan that failed, if its sentences don't say it. */
const adviceOf = ({
  item: { value },
  outcome,
}: BatchResult<PlannedEnvironment, unknown>['failed'][number]): string =>
  actionText(actionFor(outcome.cause, value.target.host), value.target);

function stopAtProblems(open: readonly PlannedEnvironment[]): void {
  const reasons = open.flatMap(whyNotApplicable);
  if (reasons.length > 0) {
    throw new CliError([...reasons, nothingSent].join('\n'));
  }
}

/** Some changes need an option of their own, because neither `--yes` nor an answer covers them. */
function stopAtMissingConsent(
  { options: { allowRisky, allowProtected } }: Session,
  open: readonly PlannedEnvironment[],
): void {
  const missing = open.flatMap((plan) => {
    const { name } = plan.target;
    const consents = consentsFor(plan, isProtectedByFile(plan.target, plan.serverName));
    const risky = itemsOf(plan).filter(({ risks }) => risks.length > 0);
    const word = /^[\w.-]+$/.test(name) ? name : `"${name}"`;
    return [
      ...(consents.includes('risky') && !allowRisky
        ? [
            `${name}: changing ${list(risky.map((item) => item.name))} is risky. To allow it, add --allow-risky.`,
          ]
        : []),
      ...(consents.includes('protected') && !allowProtected.includes(name)
        ? [`${name} is protected. To allow changes, add --allow-protected ${word}.`]
        : []),
    ];
  });
  if (missing.length > 0) {
    throw new CliError([...missing, nothingSent].join('\n'));
  }
}

/** Errors are reported once, with the outcome. */
const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
