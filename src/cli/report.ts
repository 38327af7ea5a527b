import { pathName } from '../json/pathName';
import type { DocumentProblem } from '../json/parse';
import { asText } from '../json/visibleText';
import { recorded } from '../operations/history/entry';
import type { Outcome } from '../operations/outcome';
import { outcomeText } from '../operations/outcome';
import { plain } from '../operations/review/review';
import { itemsOf } from '../operations/settingsFile/applyPlan';
import {
  isInLine,
  type EnvironmentPlan,
  type PlannedEnvironment,
} from '../operations/settingsFile/planEnvironment';
import { isProtectedByFile } from '../operations/settingsFile/protection';
import { maskSecretText } from '../settings/secrets';

/** The version of everything that `--json` prints. */
export const formatVersion = 1;

/** A plan for tools. Paths are arrays of keys, and secrets are dots. */
export function planJson(plan: EnvironmentPlan): Record<string, unknown> {
  const { name, host, id } = plan.target;
  const place = { name, host, id };
  if (plan.kind === 'unreadable') {
    const { kind, message } = plan.error;
    return { ...place, status: 'unreadable', error: { kind, message } };
  }
  return {
    ...place,
    serverName: plan.serverName,
    protected: isProtectedByFile(plan.target, plan.serverName),
    readOnly: plan.target.isReadOnly,
    status: statusOf(plan),
    changes: itemsOf(plan).map(({ change, risks }) => {
      const { path, from, to } = recorded(change);
      return {
        path,
        kind: from === undefined ? 'onlyHere' : 'changed',
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        risks: risks.map(({ kind, reason }) => ({ kind, reason: plain(reason) })),
      };
    }),
    notCompared: plan.notCompared.map(({ path, why }) => ({ path, why })),
    problems: plan.problems.map(({ path, severity, code, message }) => ({ path, severity, code, message })),
  };
}

const statusOf = (plan: PlannedEnvironment): 'drift' | 'inLine' | 'notCompared' =>
  plan.set.changes.length > 0 ? 'drift' : isInLine(plan) ? 'inLine' : 'notCompared';

/** What happened to an environment, for tools. @param outcome `undefined` if nothing was tried */
export function outcomeJson(
  plan: EnvironmentPlan,
  outcome: Outcome<unknown> | undefined,
): Record<string, unknown> {
  const planned = planJson(plan);
  return outcome
    ? { ...planned, outcome: outcome.kind, message: outcomeText(outcome), applied: outcome.changed }
    : { ...planned, outcome: planned.status === 'inLine' ? 'inLine' : 'notStarted' };
}

/** A plan as text: the environment, and each change on its own line. */
export function planLines(plan: EnvironmentPlan): readonly string[] {
  const { name, host, id, isReadOnly } = plan.target;
  if (plan.kind === 'unreadable') {
    return [`${name} (${id} on ${host}): couldn't be read`];
  }
  const count = plan.set.changes.length;
  const marks = [
    ...(isProtectedByFile(plan.target, plan.serverName) ? ['protected'] : []),
    ...(isReadOnly ? ['read-only'] : []),
  ];
  const found = count === 0 ? 'no drift' : count === 1 ? '1 difference' : `${count} differences`;
  return [
    `${name} (${[plan.serverName, `${id} on ${host}`, ...marks].join(', ')}): ${found}`,
    ...itemsOf(plan).flatMap(({ name: path, values, risks }) => [
      `  ${path}: ${values}`,
      ...risks.map(({ reason }) => `    Risk: ${plain(reason)}`),
    ]),
    ...plan.notCompared.map(({ path, why }) => `  ${pathName(path)}: not compared. ${why}`),
    ...plan.problems.map(
      ({ severity, message }) => `  ${severity === 'error' ? 'Error' : 'Warning'}: ${message}`,
    ),
  ];
}

/** A summary of all plans. */
export function summaryOf(plans: readonly EnvironmentPlan[]): string {
  const count = (accepts: (plan: EnvironmentPlan) => boolean): number => plans.filter(accepts).length;
  const drifting = count((plan) => plan.kind === 'planned' && plan.set.changes.length > 0);
  const unreadable = count(({ kind }) => kind === 'unreadable');
  const open = count((plan) => plan.kind === 'planned' && plan.notCompared.length > 0);
  const parts = [
    drifting === 0
      ? ''
      : drifting === 1
        ? '1 environment has drifted.'
        : `${drifting} environments have drifted.`,
    unreadable === 0 ? '' : `${unreadable} couldn't be read.`,
    open === 0 ? '' : `${open} ${open === 1 ? 'has' : 'have'} settings that couldn't be compared.`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'No drift: PostHog matches the settings file.' : parts.join(' ');
}

/** A problem of a file at its line. */
export function problemLine(
  path: string,
  text: string,
  { offset, severity, message }: DocumentProblem,
): string {
  const before = text.slice(0, offset).split('\n');
  return `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}: ${severity}: ${message}`;
}

/** A line for a terminal: names can't move the cursor, and there are no secrets in it. */
export const printable = (line: string): string => asText(maskSecretText(line, '••••••'));
