import { namesText } from '../../json/namesText';
import { asLines, asText } from '../../json/visibleText';
import { runBatch } from '../../operations/batch';
import { generationOf } from '../../operations/generation';
import { inParallel } from '../../operations/inParallel';
import { planUndo } from '../../operations/history/undo';
import { reviewOfSettings } from '../../operations/save/applyPlannedSettings';
import type { Confirmed } from '../../operations/save/applySteps';
import { isPostHogError } from '../../posthog/errors';
import { settingsDocument } from '../../settings/document';
import { withLateCancel } from '../../ui/lateProgress';
import { rehearsalNotices } from '../../operations/review/rehearsal';
import { rehearsalOf } from '../../ui/reviewSubject';
import { changeText } from '../../operations/changeText';
import type { HistoryEntry } from '../../operations/history/entry';
import type { UndoPorts } from '../../operations/history/undoWrite';
import { togetherQuestion } from '../../operations/history/undoQuestion';
import { namesOf } from '../../operations/history/item';
import { undoWrite } from '../../operations/history/undoWrite';
import { shortName } from '../../operations/review/review';
import type { Outcome } from '../../operations/outcome';
import { showBatch } from '../batch';
import type { CommandServices } from '../command';
import { shortPlace, whereText } from '../placeNames';
import { picked } from '../targets';

/** How many changes of each environment to show in the question. */
const shownChanges = 4;

/**
 * Asks whether to undo what was done in several environments at once in all of them.
 *
 * @returns the entries to undo: all of them, or only the first
 * @throws Canceled
 */
export async function askTogether(
  services: CommandServices,
  [first, ...others]: readonly [HistoryEntry, ...HistoryEntry[]],
): Promise<readonly HistoryEntry[]> {
  const { prompts, marks, connections } = services;
  const entries = [first, ...others];
  const all = `Undo in All ${entries.length} Environments`;
  const one = asText(`Only in ${shortName(first.environment.name)}…`);
  await marks.known();
  const rehearsed = await withLateCancel('Rehearsing the undo', (signal) =>
    inParallel(entries, (entry) => rehearsedNotes(services, entry, signal)),
  );
  const answer = picked(
    await prompts.confirm(
      togetherQuestion(entries),
      {
        detail: asLines(
          entries.flatMap(({ connectionId, environment, changes }, index) => {
            const connection = connections.get(connectionId);
            const isProtected = connection && marks.isProtected(connection, environment.id, environment.name);
            const more = changes.length - shownChanges;
            return [
              ...(index === 0 ? [] : ['']),
              `${whereText(services, { connectionId, environment }, `${environment.name} (${environment.id})`)}${isProtected ? ', protected' : ''}`,
              ...changes
                .slice(0, shownChanges)
                .map(({ path, from, to }) => changeText({ path, from: to, to: from })),
              ...(more > 0 ? [`… and ${more} more`] : []),
              ...(rehearsed[index] ?? []),
            ];
          }),
        ),
      },
      all,
      one,
    ),
  );
  return answer === all ? entries : [first];
}

/** What PostHog would do with an undo, as sentences. Failures are reported by the undo itself. */
async function rehearsedNotes(
  services: CommandServices,
  entry: HistoryEntry,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { connectionId, environment } = entry;
  try {
    const client = await services.connections.client(connectionId);
    const generation = await generationOf(client, environment, signal);
    const { raw, name } = await client.getEnvironment(environment, signal);
    const plan = planUndo({ entry, environment, generation, current: settingsDocument(raw) });
    return plan.kind === 'planned' && plan.set.kind === 'environment' && plan.set.changes.length > 0
      ? (await rehearsalOf(services, reviewOfSettings(name, { set: plan.set, raw }))).notes
      : [];
  } catch (error) {
    if (isPostHogError(error)) {
      return [];
    }
    throw error;
  }
}

/** Undoes what the user has already agreed to, one environment after another. Conflicts are still asked about. */
export async function undoAll(
  services: CommandServices,
  entries: readonly HistoryEntry[],
  decide: (entry: HistoryEntry) => UndoPorts['decide'],
): Promise<void> {
  const result = await showBatch<HistoryEntry, unknown>(services, {
    title: `Undoing ${namesText(namesOf(entries.flatMap(({ changes }) => changes)))}`,
    verb: 'Undone in',
    items: entries.map((value) => ({ label: shortPlace(services, value, value.environment.name), value })),
    run: (items, ports) =>
      runBatch<HistoryEntry, unknown>(
        items,
        (entry, signal): Promise<Outcome<unknown>> =>
          undoWrite(services, entry, {
            ...{ signal, kind: 'undo', decide: decide(entry) },
            confirm: async (review) => {
              const rehearsed = await rehearsalOf(services, review);
              const noticesOf: Confirmed['noticesOf'] = (answer) =>
                rehearsalNotices(rehearsed, answer, services.log);
              return { isAsked: false, noticesOf };
            },
          }),
        ports,
      ),
    targetOf: ({ connectionId, environment }) => ({
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
