import * as vscode from 'vscode';
import { distinctName } from '../../directory/organizationName';
import { placeNames } from '../../documents/uris/placeNames';
import { namesText } from '../../json/namesText';
import { asLines, asText } from '../../json/visibleText';
import { runBatch } from '../../operations/batch';
import { generationOf } from '../../operations/generation';
import { inParallel } from '../../operations/inParallel';
import { planUndo } from '../../operations/history/undo';
import { reviewOfSettings } from '../../operations/save/applyPlannedSettings';
import { isPostHogError } from '../../posthog/errors';
import { settingsDocument } from '../../settings/document';
import { withLateCancel } from '../../ui/lateProgress';
import { consentOf, type Consented } from '../../operations/review/consent';
import { hasRisks, reviewItems } from '../../operations/review/reviewItems';
import { placeOf } from '../../ui/reviewPlaces';
import { listed } from '../../ui/reviewPrompt';
import { rehearsalOf, requestsOf } from '../../ui/reviewSubject';
import { changeText } from '../../operations/changeText';
import type { HistoryEntry } from '../../operations/history/entry';
import type { UndoPorts } from '../../operations/history/undoWrite';
import { togetherQuestion } from '../../operations/history/undoQuestion';
import { namesOf } from '../../operations/history/item';
import { undoWrite } from '../../operations/history/undoWrite';
import { consentedBy, itemLines, shortName, type ReviewSubject } from '../../operations/review/review';
import type { Outcome } from '../../operations/outcome';
import { showBatch } from '../batch';
import type { CommandServices } from '../command';
import { shortPlace, whereText } from '../placeNames';
import { picked } from '../targets';

/** How many changes to show in the question, in all environments together. */
const shownChanges = 8;

/** A write to undo, and what the user agreed to: asked again about anything else. */
export interface Agreed {
  readonly entry: HistoryEntry;
  /** `undefined` if it wasn't known what undoing it would do. */
  readonly consented: Consented | undefined;
}

/**
 * Asks whether to undo what was done in several environments at once in all of them.
 *
 * @returns the writes to undo: all of them, or only the first
 * @throws Canceled
 */
export async function askTogether(
  services: CommandServices,
  [first, ...others]: readonly [HistoryEntry, ...HistoryEntry[]],
): Promise<readonly Agreed[]> {
  const { prompts, marks } = services;
  const entries = [first, ...others];
  const all = `Undo in All ${entries.length} Environments`;
  const one = asText(`Only in ${shortName(first.environment.name)}…`);
  const review = 'Review…';
  await marks.known();
  const foreseen = await withLateCancel('Rehearsing the undo', (signal) =>
    inParallel(entries, (entry) => foresee(services, entry, signal)),
  );
  const question = togetherQuestion(entries);
  const limit = Math.max(1, Math.floor(shownChanges / entries.length));
  const detail = entries.flatMap((entry, index) => [
    ...(index === 0 ? [] : ['']),
    placeOfEntry(services, entry),
    ...linesOf(entry, foreseen[index], limit),
  ]);
  const subjects = foreseen.filter((subject) => subject !== undefined);
  const buttons = subjects.length === entries.length ? [all, one, review] : [all, one];
  let answer = picked(await prompts.confirm(question, { detail: asLines(detail) }, ...buttons));
  if (answer === review) {
    const copy = (text: string): PromiseLike<void> => vscode.env.clipboard.writeText(text);
    picked(await listed({ prompts, copy }, subjects, { title: question, send: all, isOwn: true }));
    answer = all;
  }
  return answer === all
    ? entries.map((entry, index) => {
        const subject = foreseen[index];
        return { entry, consented: subject && consentedBy(subject) };
      })
    : [{ entry: first, consented: undefined }];
}

/** Where a write was, on one line. */
function placeOfEntry(
  services: CommandServices,
  { connectionId, environment }: Pick<HistoryEntry, 'connectionId' | 'environment'>,
): string {
  const { name, id } = environment;
  const connection = services.connections.get(connectionId);
  const isProtected = connection && services.marks.isProtected(connection, id, name);
  const where = whereText(services, { connectionId, environment }, `${name} (${id})`);
  return `${where}${isProtected ? ', protected' : ''}`;
}

/** What undoing a write would do, with the first changes, each with its risks. */
function linesOf(
  { changes }: HistoryEntry,
  subject: ReviewSubject | undefined,
  limit: number,
): readonly string[] {
  if (!subject || subject.items.length === 0) {
    const more = changes.length - limit;
    return [
      ...changes.slice(0, limit).map(({ path, from, to }) => changeText({ path, from: to, to: from })),
      ...(more > 0 ? [`… and ${more} more`] : []),
    ];
  }
  const { items, rehearsed } = subject;
  const rest = items.slice(limit);
  const risky = rest.filter(({ risks }) => risks.length > 0).length;
  return [
    ...items.slice(0, limit).flatMap(itemLines),
    ...(rest.length > 0 ? [`… and ${rest.length} more${risky > 0 ? `, ${risky} of them risky ⚠` : ''}`] : []),
    ...rehearsed,
  ];
}

/** What undoing a write would do; `undefined` if that isn't known. Failures are reported by the undo itself. */
async function foresee(
  services: CommandServices,
  entry: HistoryEntry,
  signal: AbortSignal,
): Promise<ReviewSubject | undefined> {
  const { connectionId, environment } = entry;
  const connection = services.connections.get(connectionId);
  try {
    const client = await services.connections.client(connectionId);
    const generation = await generationOf(client, environment, signal);
    const { raw, name } = await client.getEnvironment(environment, signal);
    const plan = planUndo({ entry, environment, generation, current: settingsDocument(raw) });
    if (!connection || plan.kind !== 'planned' || plan.set.kind !== 'environment') {
      return undefined;
    }
    const review = reviewOfSettings(name, { set: plan.set, raw });
    const items = reviewItems(review);
    const { notes } = items.length > 0 ? await rehearsalOf(services, review) : { notes: [] };
    const isProtected = services.marks.isProtected(connection, environment.id, name);
    const shown = distinctName(services.directory, entry, name);
    return {
      place: {
        ...{ document: shown, environment: shown, environmentId: environment.id, isProtected },
        organization: placeNames(services, entry).organization,
        ...placeOf(connection),
      },
      reason: '',
      consent: consentOf(isProtected, hasRisks(items)),
      ...{ items, doubts: [], rehearsed: notes, requests: requestsOf(review, connection) },
    };
  } catch (error) {
    if (isPostHogError(error)) {
      return undefined;
    }
    throw error;
  }
}

/** How an undo asks. */
type Asks = Pick<UndoPorts, 'decide' | 'confirm'>;

/**
 * Undoes what the user has already agreed to, one environment after another. Conflicts and what the answer doesn't cover
 * are still asked about.
 */
export async function undoAll(
  services: CommandServices,
  agreed: readonly Agreed[],
  asksOf: (entry: HistoryEntry) => Asks,
): Promise<void> {
  const entries = agreed.map(({ entry }) => entry);
  const result = await showBatch<Agreed, unknown>(services, {
    title: `Undoing ${namesText(namesOf(entries.flatMap(({ changes }) => changes)))}`,
    verb: 'Undone in',
    items: agreed.map((value) => ({
      label: shortPlace(services, value.entry, value.entry.environment.name),
      value,
    })),
    run: (items, ports) =>
      runBatch<Agreed, unknown>(
        items,
        ({ entry, consented: before }, signal): Promise<Outcome<unknown>> => {
          const { decide, confirm } = asksOf(entry);
          return undoWrite(services, entry, {
            ...{ signal, kind: 'undo', decide },
            confirm: (review, consented) => confirm(review, consented ?? before),
          });
        },
        ports,
      ),
    targetOf: ({ entry: { connectionId, environment } }) => ({
      kind: 'settings',
      ...{ connectionId, environment, name: environment.name },
    }),
  });
  const nothing = result.done.filter(({ outcome }) => outcome.changed.length === 0);
  if (nothing.length > 0) {
    await services.prompts.notify(
      'information',
      nothing.map(({ item, outcome }) => `${item.label}: ${outcome.what}`).join(' '),
    );
  }
}
