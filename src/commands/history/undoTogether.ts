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
import { rehearsalOf } from '../../ui/reviewSubject';
import { changeText } from '../../operations/changeText';
import type { HistoryEntry } from '../../operations/history/entry';
import type { UndoPorts } from '../../operations/history/undoWrite';
import { togetherQuestion } from '../../operations/history/undoQuestion';
import { namesOf } from '../../operations/history/item';
import { undoWrite } from '../../operations/history/undoWrite';
import { plain, shortName } from '../../operations/review/review';
import type { Outcome } from '../../operations/outcome';
import { showBatch } from '../batch';
import type { CommandServices } from '../command';
import { shortPlace, whereText } from '../placeNames';
import { picked } from '../targets';

/** How many changes of each environment to show in the question. */
const shownChanges = 4;

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
  const { prompts, marks, connections } = services;
  const entries = [first, ...others];
  const all = `Undo in All ${entries.length} Environments`;
  const one = asText(`Only in ${shortName(first.environment.name)}…`);
  await marks.known();
  const foreseen = await withLateCancel('Rehearsing the undo', (signal) =>
    inParallel(entries, (entry) => foresee(services, entry, signal)),
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
              ...(foreseen[index]?.lines ?? []),
            ];
          }),
        ),
      },
      all,
      one,
    ),
  );
  return answer === all
    ? entries.map((entry, index) => ({ entry, consented: foreseen[index]?.consented }))
    : [{ entry: first, consented: undefined }];
}

/** What undoing a write would do: the risks and the results of a rehearsal, and what an answer consents to. */
interface Foreseen {
  readonly lines: readonly string[];
  readonly consented?: Consented;
}

/** Failures are reported by the undo itself. */
async function foresee(
  services: CommandServices,
  entry: HistoryEntry,
  signal: AbortSignal,
): Promise<Foreseen> {
  const { connectionId, environment } = entry;
  const connection = services.connections.get(connectionId);
  try {
    const client = await services.connections.client(connectionId);
    const generation = await generationOf(client, environment, signal);
    const { raw, name } = await client.getEnvironment(environment, signal);
    const plan = planUndo({ entry, environment, generation, current: settingsDocument(raw) });
    if (!connection || plan.kind !== 'planned' || plan.set.kind !== 'environment') {
      return { lines: [] };
    }
    const review = reviewOfSettings(name, { set: plan.set, raw });
    const { changes } = review;
    const items = reviewItems(review);
    const { notes } = changes.length > 0 ? await rehearsalOf(services, review) : { notes: [] };
    const isProtected = services.marks.isProtected(connection, environment.id, name);
    return {
      lines: [...items.flatMap(({ risks }) => risks.map(({ reason }) => `  ⚠ ${plain(reason)}`)), ...notes],
      consented: { consent: consentOf(isProtected, hasRisks(items)), changes, notes },
    };
  } catch (error) {
    if (isPostHogError(error)) {
      return { lines: [] };
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
