import * as vscode from 'vscode';
import { Cancelled } from '../../connections/failures';
import { isPostHogError } from '../../posthog/errors';
import { applyCopy } from '../../operations/copy/applyCopy';
import type { CopyRequest } from '../../operations/copy/copyRequest';
import { copyDoubts, copyReview, planCopy, type Copied, type CopyPlan } from '../../operations/copy/planCopy';
import { runBatch } from '../../operations/batch';
import { inParallel } from '../../operations/inParallel';
import type { Outcome } from '../../operations/outcome';
import { sentences } from '../../operations/phrases';
import type { Rehearsed } from '../../operations/review/rehearsal';
import type { ReviewSubject } from '../../operations/review/review';
import { reviewItems } from '../../operations/review/reviewItems';
import type { EnvironmentAt } from '../../operations/services';
import { settingsDocument } from '../../settings/document';
import { placeOf } from '../../ui/reviewPlaces';
import { askReview } from '../../ui/reviewPrompt';
import { rehearsalNotices, rehearsalOf, requestsOf } from '../../ui/reviewSubject';
import { withLateCancel } from '../../ui/lateProgress';
import { pickTargets } from '../allEnvironments';
import { requireScope, showBatch } from '../batch';
import type { Command, CommandServices } from '../command';
import { placeNames } from '../placeNames';
import { comparePlaces } from './compareCommands';
import { copyRequestOf } from './copyTargets';

/** Settings of one environment to others: planned for each, reviewed together, applied one after the other. */
export const copySettings: Command = {
  async run(services, target) {
    const request = await copyRequestOf(services, target);
    const { source } = request;
    const targets =
      request.targets ??
      (await pickTargets(services, {
        title: `Copy ${request.what} of ${source.name}`,
        placeHolder: 'Choose the environment to copy to',
        without: [source],
      }));
    const { plans, aside } = await withLateCancel(`Comparing ${source.name}`, (signal) =>
      plan(services, request, targets, signal),
    );
    const [first] = plans;
    if (!first) {
      await services.prompts.notify('information', sentences('There is nothing to copy.', ...aside));
      return;
    }
    const reviewed = await review(services, request, plans, aside);
    if (reviewed === 'showChanges') {
      await comparePlaces(services, source, first.at);
      return;
    }
    await apply(services, request, reviewed);
  },
};

/** A plan, and what a rehearsal of it showed. */
interface Planned {
  readonly plan: CopyPlan;
  readonly rehearsed: Rehearsed;
}

async function plan(
  services: CommandServices,
  request: CopyRequest,
  targets: readonly EnvironmentAt[],
  signal: AbortSignal,
): Promise<{ plans: readonly CopyPlan[]; aside: readonly string[] }> {
  const { connections } = services;
  const client = await connections.client(request.source.connectionId);
  const settings = settingsDocument((await client.getEnvironment(request.source.environment, signal)).raw);
  const copied: Copied = { settings, paths: request.pathsIn(settings), isNamed: request.isNamed };
  const looked = await inParallel(targets, async (at): Promise<CopyPlan | string> => {
    try {
      requireScope(services, at.connectionId, 'project:write');
      if (connections.isReadOnly(at.connectionId, at.environment.id)) {
        return `${at.name} is read-only on this computer: nothing is copied to it.`;
      }
      const found = await planCopy({ connections }, copied, at, signal);
      return found.set.changes.length > 0
        ? found
        : sentences(`${found.at.name} needs no change.`, ...copyDoubts(found));
    } catch (error) {
      if (!isPostHogError(error)) {
        throw error;
      }
      return sentences(`${at.name}: nothing is copied to it.`, error.what, error.why, error.remedy);
    }
  });
  if (signal.aborted) {
    throw new Cancelled();
  }
  return {
    plans: looked.filter((one) => typeof one !== 'string'),
    aside: looked.filter((one) => typeof one === 'string'),
  };
}

/** One review for all targets, which is always shown: what is copied is seen nowhere else. @throws Cancelled */
async function review(
  services: CommandServices,
  { source }: CopyRequest,
  plans: readonly CopyPlan[],
  aside: readonly string[],
): Promise<readonly Planned[] | 'showChanges'> {
  const planned: Planned[] = [];
  const subjects: ReviewSubject[] = [];
  for (const one of plans) {
    const subject = await subjectOf(services, source, one);
    planned.push({ plan: one, rehearsed: subject.rehearsal });
    subjects.push(subject.subject);
  }
  const answer = await askReview(
    { prompts: services.prompts, copy: (text) => vscode.env.clipboard.writeText(text) },
    subjects,
    { verb: 'Copy', targets: 'environments', aside },
  );
  if (answer === undefined) {
    throw new Cancelled();
  }
  return answer === 'showChanges' ? answer : planned;
}

async function subjectOf(
  services: CommandServices,
  source: EnvironmentAt,
  found: CopyPlan,
): Promise<{ subject: ReviewSubject; rehearsal: Rehearsed }> {
  const { connectionId, environment, name } = found.at;
  const connection = services.connections.get(connectionId);
  if (!connection) {
    throw new Cancelled();
  }
  const change = copyReview(found);
  const items = reviewItems(change);
  const isProtected = services.marks.isProtected(connection, environment.id, name);
  const isRisky = items.some(({ risks }) => risks.length > 0);
  const rehearsal = await rehearsalOf(services, change);
  return {
    rehearsal,
    subject: {
      place: {
        document: name,
        environment: name,
        environmentId: environment.id,
        isProtected,
        ...placeOf(connection),
        organization: placeNames(services, found.at).organization,
      },
      reason: isProtected
        ? `Copied from ${source.name}. ${name} is protected.`
        : `Copied from ${source.name}.`,
      consent: isProtected ? 'protected' : isRisky ? 'risky' : 'ordinary',
      items,
      doubts: copyDoubts(found),
      requests: requestsOf(change, connection),
      rehearsed: rehearsal.notes,
    },
  };
}

async function apply(
  services: CommandServices,
  { what }: CopyRequest,
  planned: readonly Planned[],
): Promise<void> {
  const together = planned.length > 1 ? globalThis.crypto.randomUUID() : undefined;
  const result = await showBatch<Planned, unknown>(services, {
    title: `Copying ${what}`,
    verb: 'Copied to',
    items: planned.map((value) => ({ label: value.plan.at.name, value })),
    run: (items, ports) =>
      runBatch<Planned, unknown>(
        items,
        ({ plan: one, rehearsed }, signal): Promise<Outcome<unknown>> =>
          applyCopy(services, one, {
            signal,
            together,
            noticesOf: (answer) => rehearsalNotices(rehearsed, answer, services.log),
          }),
        ports,
      ),
    targetOf: ({ plan: { at } }) => ({ kind: 'settings', ...at }),
  });
  const notices = result.done.flatMap(({ item, outcome }) =>
    outcome.notices.map((notice) => `${item.label}: ${notice}`),
  );
  if (notices.length > 0) {
    await services.prompts.notify('information', sentences(...notices));
  }
}
