import * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { isPostHogError } from '../../posthog/errors';
import type { Documents } from '../../documents/documents';
import { applyPlannedSettings } from '../../operations/save/applyPlannedSettings';
import type { CopyRequest } from '../../operations/copy/copyRequest';
import { copyDoubts, planCopy, type Copied, type CopyPlan } from '../../operations/copy/planCopy';
import { inParallel } from '../../operations/inParallel';
import { needsNoChanges, nothingCopied } from '../../operations/phrases/plans';
import { sentences } from '../../operations/phrases/sentences';
import type { ReviewSubject } from '../../operations/review/review';
import type { EnvironmentAt } from '../../operations/services';
import { jsonEquals, own } from '../../json/json';
import { namesText } from '../../json/namesText';
import { parseDocument } from '../../json/parse';
import { settingsDocument } from '../../settings/document';
import { askReview } from '../../ui/reviewPrompt';
import { withLateCancel } from '../../ui/lateProgress';
import { pickTargets } from '../allEnvironments';
import { requireScope } from '../batch';
import type { Command, CommandServices } from '../command';
import { documentOf } from '../targets';
import { reviewedPlan, sendReviewed, type Reviewed } from '../reviewedSettings';
import { comparePlaces } from './compareCommands';
import { copyRequestOf } from './copyTargets';
import { shortPlace, whereText } from '../placeNames';

/** Copies settings of one environment to others: planned for each, reviewed together, applied one after another. */
export const copySettings: Command = {
  async run(services, target) {
    const request = await copyRequestOf(services, target);
    const { source } = request;
    const targets =
      request.targets ??
      (await pickTargets(services, {
        title: `Copy ${request.what} of ${whereText(services, source, source.name)}`,
        placeHolder: 'Choose the environment to copy to',
        without: [source],
      }));
    const { plans, aside } = await withLateCancel(
      `Comparing ${whereText(services, source, source.name)}`,
      (signal) => plan(services, request, targets, signal),
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
    const words = {
      title: `Copying ${request.what} of ${whereText(services, source, source.name)}`,
      verb: 'Copied to',
      asks: 'Copy',
    } as const;
    await sendReviewed(services, reviewed, words, (one, ports) =>
      applyPlannedSettings(services, 'copy', one.plan, ports),
    );
  },
};

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
    const where = shortPlace(services, at, at.name);
    try {
      requireScope(services, at.connectionId, 'project:write');
      await services.marks.known();
      const readOnly = connections.whyReadOnly(at.connectionId, at.environment.id);
      if (readOnly) {
        return sentences(nothingCopied(where), readOnly.what, readOnly.remedy);
      }
      const found = await planCopy({ connections }, copied, at, signal);
      return found.set.changes.length > 0 ? found : sentences(needsNoChanges(where), ...copyDoubts(found));
    } catch (error) {
      if (!isPostHogError(error)) {
        throw error;
      }
      return sentences(nothingCopied(where), error.what, error.why, error.remedy);
    }
  });
  if (signal.aborted) {
    throw new Canceled();
  }
  return {
    plans: looked.filter((one) => typeof one !== 'string'),
    aside: [
      ...looked.filter((one) => typeof one === 'string'),
      ...unsavedEdits(await services.documents(), request.source, copied),
    ],
  };
}

/** Sentences about unsaved changes, which aren't copied: PostHog's values are. */
function unsavedEdits(
  documents: Documents,
  { connectionId, environment, name }: EnvironmentAt,
  { settings, paths }: Copied,
): readonly string[] {
  const edited = vscode.workspace.textDocuments.find(({ uri }) => {
    const state = documents.peek(uri);
    const at = state && documents.hasEdits(state) ? documentOf(uri) : undefined;
    return (
      at?.kind === 'settings' && at.connectionId === connectionId && at.environment.id === environment.id
    );
  });
  const parsed = edited && parseDocument(edited.getText());
  const keys = [...new Set(paths.map(([key]) => String(key)))].filter(
    (key) => parsed?.ok && !jsonEquals(own(parsed.value, key) ?? null, own(settings, key) ?? null),
  );
  return keys.length === 0
    ? []
    : [
        `This copies what PostHog has, not your unsaved edits to ${namesText(keys)} in ${name}. To copy those, save ${name} first.`,
      ];
}

/** One review for all targets, always shown, because it's the only place to see what is copied. @throws Canceled */
async function review(
  services: CommandServices,
  { source }: CopyRequest,
  plans: readonly CopyPlan[],
  aside: readonly string[],
): Promise<readonly Reviewed<CopyPlan>[] | 'showChanges'> {
  const reviewed: Reviewed<CopyPlan>[] = [];
  const subjects: ReviewSubject[] = [];
  for (const one of plans) {
    const reason = `Copied from ${whereText(services, source, source.name)}.`;
    const found = await reviewedPlan(services, one, one.at, { reason, doubts: copyDoubts(one) });
    reviewed.push(found);
    subjects.push(found.subject);
  }
  const answer = await askReview(
    { prompts: services.prompts, copy: (text) => vscode.env.clipboard.writeText(text) },
    subjects,
    { verb: 'Copy', targets: 'environments', aside },
  );
  if (answer === undefined) {
    throw new Canceled();
  }
  return answer === 'showChanges' ? answer : reviewed;
}
