import { pathName } from '../json/pathName';
import { settingsDocument } from '../settings/document';
import { changeFileText, proposedOf } from '../operations/settingsFile/changeFile';
import { isInLine, type EnvironmentPlan } from '../operations/settingsFile/planEnvironment';
import { pullInto } from '../operations/settingsFile/pull';
import { list } from '../operations/phrases/sentences';
import { nothingSent } from '../posthog/outcomePhrases';
import { applyPlans } from './applyPlans';
import { failureText } from './remedies';
import { formatVersion, planJson, planLines, summaryOf } from './report';
import type { Session } from './session';
import { CliError } from './terminal';

/** Runs the command of a session. @returns the exit code. @throws CliError, PostHogError, Canceled */
export function runCommand(session: Session): Promise<number> {
  switch (session.options.command) {
    case 'plan':
      return plan(session);
    case 'apply':
      return apply(session);
    case 'pull':
      return pull(session);
  }
}

async function plan(session: Session): Promise<number> {
  const { options, terminal } = session;
  const { out, by, why } = options;
  const plans = await session.plans(await session.open());
  terminal.info([...plans.flatMap(planLines), summaryOf(plans)]);
  if (out !== undefined) {
    // Before the JSON, because a failure is a document of its own.
    stopAtUnreadable(plans, 'No plan was written.');
    const environments = plans
      .filter((one) => one.kind === 'planned')
      .filter(({ set }) => set.changes.length > 0)
      .map(proposedOf);
    const createdAt = new Date().toISOString();
    await terminal.write(out, changeFileText({ by, why, createdAt, environments }));
    terminal.info([`Wrote the plan to ${out}. To apply it, use apply --plan ${out}.`]);
  }
  terminal.warn(reasonsOf(plans));
  terminal.json({ formatVersion, command: 'plan', environments: plans.map(planJson) });
  return codeOf(plans);
}

async function apply(session: Session): Promise<number> {
  const { options, terminal } = session;
  const plans =
    options.plan === undefined
      ? await session.plans(await session.open())
      : await session.plansOfProposal(options.plan);
  terminal.info(plans.flatMap(planLines));
  stopAtUnreadable(plans, nothingSent);
  return (await applyPlans(session, plans)) ?? codeOf(plans);
}

async function pull(session: Session): Promise<number> {
  const { options, terminal } = session;
  const open = await session.open();
  const plans = await session.plans(open);
  stopAtUnreadable(plans, "The file wasn't changed.");
  const pulled = plans
    .filter((one) => one.kind === 'planned')
    .map(({ target, raw }) => ({ target, settings: settingsDocument(raw) }));
  const { text, taken, notPulled } = pullInto(open.text, open.file, pulled, { all: options.all });
  const isChanged = text !== open.text;
  if (isChanged) {
    await terminal.write(options.file, text);
  }
  terminal.info([
    ...taken.map(({ environment, path }) => `${environment}: updated ${pathName(path)}`),
    ...notPulled.map(
      ({ environment, path, why }) => `${environment}: left out ${pathName(path)}, which ${why}`,
    ),
    isChanged ? `Wrote ${options.file}.` : `${options.file} is already up to date.`,
  ]);
  terminal.json({ formatVersion, command: 'pull', changed: isChanged, taken, leftOut: notPulled });
  return 0;
}

/** Why environments couldn't be read. */
const reasonsOf = (plans: readonly EnvironmentPlan[]): readonly string[] =>
  plans.flatMap((one) =>
    one.kind === 'unreadable' ? [`${one.target.name}: ${failureText(one.error, one.target)}`] : [],
  );

function stopAtUnreadable(plans: readonly EnvironmentPlan[], consequence: string): void {
  const names = plans.filter(({ kind }) => kind === 'unreadable').map(({ target }) => target.name);
  if (names.length > 0) {
    const advice =
      names.length < plans.length ? ' To continue with the others, choose them with --environment.' : '';
    throw new CliError(
      [...reasonsOf(plans), `Couldn't read ${list(names)}. ${consequence}${advice}`].join('\n'),
    );
  }
}

/** 0, 2 for drift, or 1: environments that couldn't be compared don't count as equal. */
function codeOf(plans: readonly EnvironmentPlan[]): number {
  return plans.some(({ kind }) => kind === 'unreadable')
    ? 1
    : plans.some((one) => one.kind === 'planned' && one.set.changes.length > 0)
      ? 2
      : plans.every(isInLine)
        ? 0
        : 1;
}
