import * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { learnOrganization } from '../../directory/learnOrganization';
import type { SettingsFiles } from '../../documents/settingsFile/settingsFiles';
import { pathText, type MergePath } from '../../json/merge/path';
import { asLines, asText } from '../../json/visibleText';
import { sideText } from '../../operations/changeText';
import { newEntryId } from '../../operations/history/entry';
import { HistoryItem, namesOf } from '../../operations/history/item';
import type { UndoConflict } from '../../operations/history/undo';
import { inParallel } from '../../operations/inParallel';
import { cantBeChangedAs } from '../../operations/phrases/plans';
import { list, sentences } from '../../operations/phrases/sentences';
import { nothingSent } from '../../posthog/outcomePhrases';
import {
  planProposal,
  proposalText,
  readChangeFile,
  type ChangeFile,
  type ProposalPlan,
  type ProposedEnvironment,
} from '../../operations/settingsFile/changeFile';
import { noConnectionTo } from '../../operations/settingsFile/noConnection';
import { readNow, type EnvironmentPlan } from '../../operations/settingsFile/planEnvironment';
import { isPostHogError, type PostHogError } from '../../posthog/errors';
import { runCommand } from '../../ui/commandIds';
import { showFailure } from '../../ui/failureNotification';
import { withLateCancel } from '../../ui/lateProgress';
import { shortTime } from '../../ui/times';
import type { Command, CommandServices } from '../command';
import { applyReviewed } from '../settingsFile/applyCommand';
import { requireTrust } from '../settingsFile/fileTargets';
import { whereText } from '../placeNames';
import { picked } from '../targets';
import { changeFileOf } from './changeFiles';

/**
 * Applies proposed changes from a file with the user's own key: planned again against PostHog's current state, and
 * reviewed like any write.
 */
export const applyProposedChange: Command = {
  async run(services, target) {
    await requireTrust(
      services,
      'In Restricted Mode, a proposed change is treated as plain text, wherever its file is. To review and apply it, trust the workspace or open the file in another window.',
    );
    const uri = await changeFileOf(services, target);
    const file = await read(services, uri);
    const files = await services.settingsFiles();
    const proposed = file.environments.filter(({ changes }) => changes.length > 0);
    const looked = await withLateCancel('Comparing with PostHog', (signal) =>
      inParallel(proposed, (one) => look(services, files, one, signal)),
    );
    const plans: EnvironmentPlan[] = [];
    for (const { one, found } of looked) {
      if (isPostHogError(found)) {
        await showFailure(found, services);
        return;
      }
      if (found.kind === 'refused') {
        const what = cantBeChangedAs(one.target.name, 'proposed');
        await services.prompts.notify('error', sentences(what, found.why, nothingSent));
        return;
      }
      plans.push(await decided(services, found));
    }
    const connectionOf = (plan: EnvironmentPlan) => files.connectionOf(plan.target);
    const answer = await applyReviewed(services, plans, connectionOf, {
      reason: proposalText(file, shortTime(file.createdAt)),
      inLine: 'PostHog already has all proposed values.',
      proposed: file,
    });
    if (answer === 'showChanges') {
      await showChanges(services, files, plans);
    }
  },
};

/** @throws Canceled if it can't be used, after saying why */
async function read({ prompts }: CommandServices, uri: vscode.Uri): Promise<ChangeFile> {
  const document = await vscode.workspace.openTextDocument(uri);
  const found = readChangeFile(document.getText());
  if ('problem' in found) {
    await prompts.notify('error', `${vscode.workspace.asRelativePath(uri)}: ${found.problem}`);
    throw new Canceled();
  }
  return found.file;
}

interface Looked {
  readonly one: ProposedEnvironment;
  readonly found: (ProposalPlan & { readonly connectionId: string }) | PostHogError;
}

/** Reads an environment with the key of a connection to exactly its host, and plans. @throws Canceled */
async function look(
  services: CommandServices,
  files: SettingsFiles,
  one: ProposedEnvironment,
  signal: AbortSignal,
): Promise<Looked> {
  const { connections, marks } = services;
  const { target } = one;
  try {
    const connection = files.connectionOf(target);
    if (!connection) {
      throw noConnectionTo(target.host);
    }
    const now = await readNow(await connections.client(connection.id), target, signal);
    const { name, organization } = now.detail;
    marks.see(connection.id, target.id, name);
    const at = { connectionId: connection.id, environment: now.environment, name };
    await learnOrganization(services, at, organization, signal);
    return { one, found: { ...planProposal(one, now), connectionId: connection.id } };
  } catch (error) {
    if (isPostHogError(error)) {
      return { one, found: error };
    }
    throw error;
  }
}

/** Asks about what someone has changed since the proposal. @throws Canceled */
async function decided(
  services: CommandServices,
  { plan, conflicts, whole, connectionId }: Extract<Looked['found'], { kind: 'planned' }>,
): Promise<EnvironmentPlan> {
  if (conflicts.length === 0) {
    return plan;
  }
  const others = namesOf(plan.set.changes);
  const names = list([...new Set(conflicts.map(({ path }) => pathText(path)))]);
  const have = conflicts.length === 1 ? 'has' : 'have';
  const message = asText(`${names} ${have} changed in ${plan.serverName} since this was proposed.`);
  const detail = asLines([
    whereText(services, { connectionId, environment: plan.environment }, plan.serverName),
    '',
    ...conflicts.flatMap(conflictLines),
    ...(others.length === 0 ? [] : ['', `The rest of the proposal: ${list(others)}`]),
    '',
    'You can review everything before it is sent.',
  ]);
  const rest = 'Only the Rest';
  const all = 'Use Proposed';
  const answer =
    others.length === 0
      ? await services.prompts.confirm(message, { detail }, all)
      : await services.prompts.confirm(message, { detail }, rest, all);
  return picked(answer) === all ? whole : plan;
}

function conflictLines({ path, before, after, now }: UndoConflict): readonly string[] {
  const shown = (value: typeof now): string => sideText(keysOf(path), value);
  return [
    `${pathText(path)}:`,
    `  PostHog, when proposed: ${shown(after)}`,
    `  PostHog, now: ${shown(now)}`,
    `  Proposed: ${shown(before)}`,
  ];
}

/** The keys on a path, which determine whether a value is a secret. */
const keysOf = (path: MergePath): readonly string[] =>
  path.flatMap((step) => (typeof step === 'string' ? [step] : []));

/** Shows what would change as diffs, one per environment. None of it is in the history. */
async function showChanges(
  services: CommandServices,
  files: SettingsFiles,
  plans: readonly EnvironmentPlan[],
): Promise<void> {
  const history = await services.history();
  for (const plan of plans) {
    const connection = files.connectionOf(plan.target);
    if (plan.kind !== 'planned' || plan.set.changes.length === 0 || !connection) {
      continue;
    }
    const at = new Date();
    const item = new HistoryItem({
      id: `proposal:${newEntryId(at)}`,
      startedAt: at.toISOString(),
      connectionId: connection.id,
      environment: { ...plan.environment, name: plan.serverName },
      kind: 'apply',
      changes: plan.set.changes,
      what: '',
    });
    history.remember([item.entry]);
    await runCommand('showChange', item);
  }
}
