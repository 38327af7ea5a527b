import * as vscode from 'vscode';
import { Cancelled } from '../../connections/failures';
import { requireScope } from '../../connections/requireScope';
import type { Connection } from '../../connections/connection';
import { runBatch } from '../../operations/batch';
import type { Outcome } from '../../operations/outcome';
import { nothingSent, sentences } from '../../operations/phrases';
import type { Rehearsed } from '../../operations/review/rehearsal';
import type { ReviewSubject } from '../../operations/review/review';
import { applyPlan, itemsOf, reviewOf } from '../../operations/settingsFile/applyPlan';
import type { EnvironmentPlan, PlannedEnvironment } from '../../operations/settingsFile/planEnvironment';
import { showFailure } from '../../ui/failureNotification';
import { withLateCancel } from '../../ui/lateProgress';
import { placeOf } from '../../ui/reviewPlaces';
import { askReview } from '../../ui/reviewPrompt';
import { rehearsalNotices, rehearsalOf, requestsOf } from '../../ui/reviewSubject';
import { runCommand } from '../../ui/commandIds';
import { showBatch } from '../batch';
import type { Command, CommandServices } from '../command';
import { fileTarget, limitedTo, sameIn } from './fileTargets';

/** Something to apply: a plan, the connection that reaches it, and what a rehearsal of it showed. */
interface Ready {
  readonly plan: PlannedEnvironment;
  readonly connection: Connection;
  readonly rehearsed: Rehearsed;
}

/** Changes PostHog so that it has what the file says: all of it, of an environment, or of a setting. */
export const applySettingsFile: Command = {
  async run(services, target) {
    const { files, state, scope, environments } = await fileTarget(services, target);
    const read = limitedTo(state.read, scope.keys);
    const plans = await withLateCancel('Comparing with PostHog', (signal) =>
      files.plan(read, sameIn(read, environments), signal),
    );
    const connectionOf = (plan: EnvironmentPlan): Connection | undefined => files.connectionOf(plan.target);
    const applied = await applyReviewed(services, plans, connectionOf, 'The settings file says so.');
    if (applied === 'showChanges') {
      await runCommand('showDrift', scope);
    }
  },
};

/**
 * Reviews plans together and applies them one after the other.
 *
 * @param reason why, as a sentence
 */
export async function applyReviewed(
  services: CommandServices,
  plans: readonly EnvironmentPlan[],
  connectionOf: (plan: EnvironmentPlan) => Connection | undefined,
  reason: string,
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
        apart.length === 0
          ? 'There is nothing to apply: PostHog has what the file says.'
          : 'There is nothing to apply.',
        ...apart,
      ),
    );
    return undefined;
  }
  const refusals = open.flatMap(({ target, serverName, problems }) => [
    ...(target.isReadOnly ? [`${target.name} is read-only according to the file.`] : []),
    ...problems
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => `${serverName}: ${message}`),
  ]);
  if (refusals.length > 0) {
    await prompts.notify('error', sentences(...refusals, nothingSent));
    return undefined;
  }
  const ready: Ready[] = [];
  for (const plan of open) {
    const connection = connectionOf(plan);
    if (!connection) {
      throw new Cancelled();
    }
    requireScope(services.connections, connection.id, 'project:write');
    ready.push({ plan, connection, rehearsed: await rehearsalOf(services, reviewOf(plan)) });
  }
  const answer = await askReview(
    { prompts, copy: (text) => vscode.env.clipboard.writeText(text) },
    ready.map((one) => subjectOf(services, one, reason)),
    { verb: 'Apply', targets: 'environments', aside: apart },
  );
  if (answer === undefined) {
    throw new Cancelled();
  }
  if (answer === 'showChanges') {
    return answer;
  }
  await send(services, ready);
  return undefined;
}

function subjectOf(
  { marks }: CommandServices,
  { plan, connection, rehearsed }: Ready,
  reason: string,
): ReviewSubject {
  const { target, serverName, environment, problems } = plan;
  const items = itemsOf(plan);
  const isProtected = target.isProtected === true || marks.isProtected(connection, target.id, serverName);
  const isRisky = items.some(({ risks }) => risks.length > 0);
  return {
    place: {
      document: serverName,
      environment: serverName,
      environmentId: environment.id,
      isProtected,
      ...placeOf(connection),
    },
    reason: isProtected ? `${reason} ${serverName} is protected.` : reason,
    consent: isProtected ? 'protected' : isRisky ? 'risky' : 'ordinary',
    items,
    doubts: problems.map(({ message }) => message),
    requests: requestsOf(reviewOf(plan), connection),
    rehearsed: rehearsed.notes,
  };
}

async function send(services: CommandServices, ready: readonly Ready[]): Promise<void> {
  const together = ready.length > 1 ? globalThis.crypto.randomUUID() : undefined;
  const result = await showBatch<Ready, unknown>(services, {
    title: 'Applying settings',
    verb: 'Applied to',
    items: ready.map((value) => ({ label: value.plan.serverName, value })),
    run: (items, ports) =>
      runBatch<Ready, unknown>(
        items,
        ({ plan, connection, rehearsed }, signal): Promise<Outcome<unknown>> =>
          applyPlan(services, connection.id, plan, {
            signal,
            together,
            noticesOf: (answer) => rehearsalNotices(rehearsed, answer, services.log),
          }),
        ports,
      ),
    targetOf: ({ plan: { environment, serverName }, connection }) => ({
      kind: 'settings',
      connectionId: connection.id,
      environment,
      name: serverName,
    }),
  });
  const notices = result.done.flatMap(({ item, outcome }) =>
    outcome.notices.map((notice) => `${item.label}: ${notice}`),
  );
  if (notices.length > 0) {
    await services.prompts.notify('information', sentences(...notices));
  }
}
