import * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { requireScope } from '../../connections/requireScope';
import type { Connection } from '../../connections/connection';
import { sentences } from '../../operations/phrases/sentences';
import { nothingSent } from '../../posthog/outcomePhrases';
import type { Proposed } from '../../operations/history/entry';
import type { ReviewSubject } from '../../operations/review/review';
import { applyPlan, whyNotApplicable } from '../../operations/settingsFile/applyPlan';
import type { EnvironmentPlan, PlannedEnvironment } from '../../operations/settingsFile/planEnvironment';
import { showFailure } from '../../ui/failureNotification';
import { withLateCancel } from '../../ui/lateProgress';
import { askReview } from '../../ui/reviewPrompt';
import { runCommand } from '../../ui/commandIds';
import { learnOrganization } from '../../directory/learnOrganization';
import type { Command, CommandServices } from '../command';
import { whereText } from '../placeNames';
import { reviewedPlan, sendReviewed, type Reviewed } from '../reviewedSettings';
import { fileTarget, limitedTo, sameIn } from './fileTargets';

/** Changes PostHog to match the file: all of it, one environment, or one setting. */
export const applySettingsFile: Command = {
  async run(services, target) {
    const { files, state, scope, environments } = await fileTarget(services, target);
    const read = limitedTo(state.read, scope.keys);
    const plans = await withLateCancel('Comparing with PostHog', (signal) =>
      files.plan(read, sameIn(read, environments), signal),
    );
    const connectionOf = (plan: EnvironmentPlan): Connection | undefined => files.connectionOf(plan.target);
    const applied = await applyReviewed(services, plans, connectionOf, {
      reason: 'The settings file says so.',
      inLine: 'PostHog matches the settings file.',
    });
    if (applied === 'showChanges') {
      await runCommand('showDrift', scope);
    }
  },
};

/** Why plans are applied. */
interface Applying {
  /** A sentence. */
  readonly reason: string;
  /** What it means if there is nothing to apply, as a sentence. */
  readonly inLine: string;
  /** Recorded in the history. */
  readonly proposed?: Proposed;
}

/** Reviews plans together and applies them one after another. */
export async function applyReviewed(
  services: CommandServices,
  plans: readonly EnvironmentPlan[],
  connectionOf: (plan: EnvironmentPlan) => Connection | undefined,
  { reason, inLine, proposed }: Applying,
): Promise<'showChanges' | undefined> {
  const { prompts } = services;
  const unread = plans.find((plan) => plan.kind === 'unreadable');
  if (unread) {
    await showFailure(unread.error, services);
    return undefined;
  }
  const planned = plans.filter((plan) => plan.kind === 'planned');
  const apart = planned.flatMap(({ target, notCompared }) =>
    notCompared.map(({ why }) => `${target.name}: ${why}`),
  );
  const open = planned.filter(({ set }) => set.changes.length > 0);
  if (open.length === 0) {
    await prompts.notify(
      'information',
      sentences(
        apart.length === 0 ? `There is nothing to apply: ${inLine}` : 'There is nothing to apply.',
        ...apart,
      ),
    );
    return undefined;
  }
  await services.marks.known();
  const refusals = open.flatMap((plan) => [
    ...whyNotApplicable(plan),
    ...readOnlyHere(services, plan, connectionOf(plan)),
  ]);
  if (refusals.length > 0) {
    await prompts.notify('error', sentences(...refusals, nothingSent));
    return undefined;
  }
  const reviewed: Reviewed<PlannedEnvironment>[] = [];
  const subjects: ReviewSubject[] = [];
  for (const plan of open) {
    const connection = connectionOf(plan);
    if (!connection) {
      throw new Canceled();
    }
    requireScope(services.connections, connection.id, 'project:write');
    const { environment, serverName, raw, target, problems } = plan;
    const at = { connectionId: connection.id, environment, name: serverName };
    await withLateCancel(`Getting ${whereText(services, at, serverName)}`, (signal) =>
      learnOrganization(
        services,
        at,
        typeof raw.organization === 'string' ? raw.organization : undefined,
        signal,
      ),
    );
    const doubts = problems.map(({ message }) => message);
    const { isProtected } = target;
    const found = await reviewedPlan(services, plan, at, { reason, doubts, isProtected });
    reviewed.push(found);
    subjects.push(found.subject);
  }
  const answer = await askReview(
    { prompts, copy: (text) => vscode.env.clipboard.writeText(text) },
    subjects,
    { verb: 'Apply', targets: 'environments', aside: apart },
  );
  if (answer === undefined) {
    throw new Canceled();
  }
  if (answer === 'showChanges') {
    return answer;
  }
  const words = { title: 'Applying settings', verb: 'Applied to', asks: 'Apply' } as const;
  await sendReviewed(services, reviewed, words, ({ plan, at }, ports) =>
    applyPlan(services, at.connectionId, plan, { ...ports, proposed }),
  );
  return undefined;
}

/** Why this computer can't write to an environment, unless the file itself already says so. */
function readOnlyHere(
  { connections }: CommandServices,
  { target, environment }: PlannedEnvironment,
  connection: Connection | undefined,
): readonly string[] {
  const reason = connection && connections.whyReadOnly(connection.id, environment.id);
  return reason && !target.isReadOnly ? [sentences(`${target.name}: ${reason.what}`, reason.remedy)] : [];
}
