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
import { consentOf, coversAll, type Consented } from '../operations/review/consent';
import { rehearsalNotices, type Rehearsed } from '../operations/review/rehearsal';
import {
  consentedBy,
  reviewQuestion,
  saveButton,
  type ReviewSubject,
  type ReviewWords,
} from '../operations/review/review';
import { hasRisks, reviewItems } from '../operations/review/reviewItems';
import type { Confirm, Review } from '../operations/save/applySteps';
import type { EnvironmentAt } from '../operations/services';
import { rehearsedSubject } from '../ui/reviewSubject';
import { showBatch } from './batch';
import type { CommandServices } from './command';
import { placeNames } from '../documents/uris/placeNames';
import { shortPlace } from './placeNames';
import { askedAgain } from './reviewAsSave';

/** Why planned settings are reviewed. */
interface Reason {
  /** A sentence. */
  readonly reason: string;
  /** Warnings about the changes, as sentences. */
  readonly doubts: readonly string[];
  /** Whether the environment is protected for a reason other than its mark or name. */
  readonly isProtected?: boolean | undefined;
}

/** A review of planned settings, and what happened in their rehearsal. */
interface Subject {
  readonly subject: ReviewSubject;
  readonly rehearsed: Rehearsed;
}

/** Rehearses planned settings, for a review of several environments. @throws Canceled if the connection was removed */
export async function reviewedPlan<P extends Pick<PlannedSettings, 'set' | 'raw'>>(
  services: CommandServices,
  plan: P,
  at: EnvironmentAt,
  reason: Reason,
): Promise<Reviewed<P> & Pick<Subject, 'subject'>> {
  const { subject, rehearsed } = await subjectOf(services, at, reviewOfSettings(at.name, plan), reason);
  return { plan, at, reason, subject, rehearsed, consented: consentedBy(subject) };
}

async function subjectOf(
  services: CommandServices,
  at: EnvironmentAt,
  review: Review,
  { reason, doubts, isProtected = false }: Reason,
): Promise<Subject> {
  const { connectionId, environment, name } = at;
  const connection = services.connections.get(connectionId);
  if (!connection) {
    throw new Canceled();
  }
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
  readonly reason: Reason;
  readonly rehearsed: Rehearsed;
  /** What the answer to the review covers. */
  readonly consented: Consented;
}

/**
 * Asks again if the answer doesn't cover what is about to be sent: others of the batch came first, and the review may
 * have been open for a while. @throws Canceled
 */
function confirmCovered<P>(
  services: CommandServices,
  { at, reason, rehearsed, consented }: Reviewed<P>,
  words: ReviewWords,
): Confirm {
  const { log, marks, connections } = services;
  let shown = rehearsed;
  return async (review, before = consented) => {
    await marks.known();
    const connection = connections.get(at.connectionId);
    const isProtected =
      reason.isProtected === true ||
      (connection !== undefined &&
        marks.isProtected(connection, at.environment.id, review.environmentName ?? at.name));
    // Without the notes: a rehearsal of fewer changes can say something else, but nothing worse.
    const needed: Consented = {
      consent: consentOf(isProtected, hasRisks(reviewItems(review))),
      changes: review.changes,
      notes: [],
    };
    if (coversAll(before, needed)) {
      return { isAsked: false, noticesOf: (answer) => rehearsalNotices(shown, answer, log) };
    }
    const { subject, rehearsed: again } = await subjectOf(services, at, review, reason);
    shown = again;
    const { message, detail } = reviewQuestion([subject], words);
    const question = { message, detail, send: saveButton([subject], words), subject };
    return askedAgain({ ...question, consented: consentedBy(subject) }, before, again, services);
  };
}

/** Sends what was reviewed, one environment after another, and reports the outcome. */
export async function sendReviewed<P>(
  services: CommandServices,
  reviewed: readonly Reviewed<P>[],
  words: { readonly title: string; readonly verb: string; readonly asks: ReviewWords['verb'] },
  send: (one: Reviewed<P>, ports: PlannedPorts) => Promise<Outcome<unknown>>,
): Promise<void> {
  const together = reviewed.length > 1 ? globalThis.crypto.randomUUID() : undefined;
  const asks: ReviewWords = { verb: words.asks, targets: 'environments', aside: [] };
  const result = await showBatch<Reviewed<P>, unknown>(services, {
    ...words,
    items: reviewed.map((value) => ({ label: shortPlace(services, value.at, value.at.name), value })),
    run: (items, ports) =>
      runBatch<Reviewed<P>, unknown>(
        items,
        (one, signal) => send(one, { ...{ signal, together }, confirm: confirmCovered(services, one, asks) }),
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
