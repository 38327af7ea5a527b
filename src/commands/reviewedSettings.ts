import { Canceled } from '../connections/failures';
import { distinctName } from '../directory/organizationName';
import {
  reviewOfSettings,
  type PlannedPorts,
  type PlannedSettings,
} from '../operations/save/applyPlannedSettings';
import { runBatch } from '../operations/batch';
import type { Outcome } from '../operations/outcome';
import { sentences } from '../operations/phrases/sentences';
import { consentOf } from '../operations/review/consent';
import { rehearsalNotices, type Rehearsed } from '../operations/review/rehearsal';
import type { ReviewSubject } from '../operations/review/review';
import { hasRisks, reviewItems } from '../operations/review/reviewItems';
import type { EnvironmentAt } from '../operations/services';
import { rehearsedSubject } from '../ui/reviewSubject';
import { showBatch } from './batch';
import type { CommandServices } from './command';
import { placeNames } from '../documents/uris/placeNames';
import { shortPlace } from './placeNames';

/** Why planned settings are reviewed. */
interface Reason {
  /** A sentence. */
  readonly reason: string;
  /** Warnings about the changes, as sentences. */
  readonly doubts: readonly string[];
  /** Whether the environment is protected for a reason other than its mark or name. */
  readonly isProtected?: boolean | undefined;
}

/** Rehearses planned settings, for a review of several environments. @throws Canceled if the connection was removed */
export async function plannedSubject(
  services: CommandServices,
  { at, set, raw }: PlannedSettings,
  { reason, doubts, isProtected = false }: Reason,
): Promise<{ subject: ReviewSubject; rehearsed: Rehearsed }> {
  const { connectionId, environment, name } = at;
  const connection = services.connections.get(connectionId);
  if (!connection) {
    throw new Canceled();
  }
  const review = reviewOfSettings(name, { set, raw });
  const items = reviewItems(review);
  await services.marks.known();
  const asks = isProtected || services.marks.isProtected(connection, environment.id, name);
  const { organization } = placeNames(services, at);
  const shown = distinctName(services.directory, at, name);
  return rehearsedSubject(services, connection, review, {
    place: {
      document: shown,
      environment: shown,
      environmentId: environment.id,
      isProtected: asks,
      organization,
    },
    reason: asks ? `${reason} ${shown} is protected.` : reason,
    consent: consentOf(asks, hasRisks(items)),
    ...{ items, doubts },
  });
}

/** Something that was reviewed and is now sent. */
export interface Reviewed<P> {
  readonly plan: P;
  readonly at: EnvironmentAt;
  readonly rehearsed: Rehearsed;
}

/** Sends what was reviewed, one environment after another, and reports the outcome. */
export async function sendReviewed<P>(
  services: CommandServices,
  reviewed: readonly Reviewed<P>[],
  words: { readonly title: string; readonly verb: string },
  send: (one: Reviewed<P>, ports: PlannedPorts) => Promise<Outcome<unknown>>,
): Promise<void> {
  const together = reviewed.length > 1 ? globalThis.crypto.randomUUID() : undefined;
  const result = await showBatch<Reviewed<P>, unknown>(services, {
    ...words,
    items: reviewed.map((value) => ({ label: shortPlace(services, value.at, value.at.name), value })),
    run: (items, ports) =>
      runBatch<Reviewed<P>, unknown>(
        items,
        (one, signal) =>
          send(one, {
            ...{ signal, together },
            noticesOf: (answer) => rehearsalNotices(one.rehearsed, answer, services.log),
          }),
        ports,
      ),
    targetOf: ({ at }) => ({ kind: 'settings', ...at }),
  });
  const notices = result.done.flatMap(({ item, outcome }) =>
    outcome.notices.map((notice) => `${item.label}: ${notice}`),
  );
  if (notices.length > 0) {
    await services.prompts.notify('information', sentences(...notices));
  }
}
