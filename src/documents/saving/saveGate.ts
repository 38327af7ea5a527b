import type * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import type { Connection } from '../../connections/connection';
import { distinctName, organizationNameOf, type KnownOrganizations } from '../../directory/organizationName';
import type { ReadingClient } from '../../posthog/client';
import type { EnvironmentMarks } from '../../connections/environmentMarks';
import type { Prompts } from '../../ui/prompts';
import { confirmSetting, placeOf } from '../../ui/reviewPlaces';
import { rehearsedSubject } from '../../ui/reviewSubject';
import { namesOf } from '../uris/addresses';
import { runCommand } from '../../ui/commandIds';
import type { Confirmed, Review } from '../../operations/save/applySteps';
import { coversAll, reasonToReview, reviewedOtherwise } from '../../operations/review/consent';
import { rehearsalNotices, type Rehearse, type Rehearsed } from '../../operations/review/rehearsal';
import { consentedBy, createQuestion, type ReviewSubject } from '../../operations/review/review';
import { hasRisks, reviewItems, type ReviewItem } from '../../operations/review/reviewItems';
import { reviewFirst } from '../../operations/phrases/saving';
import type { ConfirmSave } from '../../operations/save/saveRefused';
import type { DocumentState } from '../documentState';
import type { SaveTicket } from './saveReviews';
import { createIn } from './saveTo';
import { keyOf } from '../../settings/keys';

/** What the review of a save needs. */
export interface SaveGateServices {
  /** A review asks, and can't write. */
  connections: {
    get(id: string): Connection | undefined;
    client(id: string): Promise<Pick<ReadingClient, 'getEnvironment'>>;
  };
  directory: KnownOrganizations;
  marks: EnvironmentMarks;
  prompts: Prompts;
  signal: AbortSignal;
  log: Pick<vscode.LogOutputChannel, 'info' | 'warn'>;
  rehearse: Rehearse;
}

/**
 * Reviews the changes before a save sends anything. F5 and build tasks save every document, and neither the reason for
 * a save nor a language setting distinguishes them from Ctrl+S.
 *
 * @param isActive whether the document was in the active tab when the save began
 */
export function saveGate(
  services: SaveGateServices,
  state: DocumentState,
  isActive: boolean,
  ticket: SaveTicket,
): ConfirmSave {
  return async (review, consented) => {
    if (state.target.kind === 'new') {
      ticket.pass();
      return confirmDraft(services, state, isActive, review);
    }
    const planned = await subjectOf(services, state, isActive, review);
    if (!planned) {
      ticket.pass();
      return { isAsked: false };
    }
    const { subject, rehearsed } = planned;
    const noticesOf: Confirmed['noticesOf'] = (answered) =>
      rehearsalNotices(rehearsed, answered, services.log);
    const seen = consentedBy(subject);
    if (consented && coversAll(consented, seen)) {
      return { isAsked: false, noticesOf };
    }
    const reason = consented ? `${reviewedOtherwise} ${subject.reason}` : subject.reason;
    const answer = await ticket.review({ ...subject, reason }, services.signal);
    if (answer === 'showChanges') {
      void runCommand('compare', state.uri);
      throw new Canceled({ note: reviewFirst });
    }
    if (answer === undefined) {
      throw new Canceled();
    }
    return { isAsked: true, consented: seen, noticesOf };
  };
}

async function confirmDraft(
  { connections, prompts, signal }: SaveGateServices,
  { target, uri }: DocumentState,
  isActive: boolean,
  { changes }: Review,
): Promise<Confirmed> {
  const connection = connections.get(target.connectionId);
  const because = reasonToReview({ setting: confirmSetting(), isProtected: false, isActive });
  if (!connection || !because) {
    return { isAsked: false };
  }
  if (signal.aborted) {
    throw new Canceled();
  }
  const name = changes.find(({ path }) => path[0] === keyOf.name)?.to;
  const { message, detail } = createQuestion(
    because.reason,
    {
      document: typeof name === 'string' ? `"${name}"` : 'of this draft',
      organization: namesOf(uri)?.organization,
      ...placeOf(connection),
    },
    changes,
  );
  if ((await prompts.confirm(message, { detail }, createIn(uri))) === undefined) {
    throw new Canceled();
  }
  return { isAsked: true };
}

async function subjectOf(
  services: SaveGateServices,
  { target, uri, base }: DocumentState,
  isActive: boolean,
  review: Review,
): Promise<{ subject: ReviewSubject; rehearsed: Rehearsed } | undefined> {
  const { connections, directory, marks, signal } = services;
  const connection = connections.get(target.connectionId);
  const setting = confirmSetting();
  if (!connection || target.kind === 'new' || setting === 'never') {
    return undefined;
  }
  const { id, projectId } = target.environment;
  const { environmentName, doubts = [] } = review;
  let name = environmentName ?? marks.nameOf(connection.id, id);
  if (name === undefined && isActive) {
    const client = await connections.client(connection.id);
    // An environment that can't be read counts as protected.
    name = await client.getEnvironment({ id, projectId }, signal).then(
      (detail) => detail.name,
      () => undefined,
    );
  }
  await marks.known();
  const isProtected = marks.isProtected(connection, id, name);
  let items: readonly ReviewItem[] | undefined;
  const itemsOnce = (): readonly ReviewItem[] => (items ??= reviewItems(review));
  const because = reasonToReview({
    ...{ setting, isProtected, isActive },
    isRisky: () => hasRisks(itemsOnce()),
    isDoubtful: doubts.length > 0,
  });
  if (!because) {
    return undefined;
  }
  const environment = distinctName(directory, target, name ?? `environment ${id}`);
  // The address keeps the name that the table was opened with.
  const table = typeof base.name === 'string' ? base.name : target.name;
  return rehearsedSubject(services, connection, review, {
    ...because,
    place: {
      document: target.kind === 'table' ? `${table} in ${environment}` : environment,
      environment,
      environmentId: id,
      isProtected,
      organization:
        namesOf(uri, target.kind === 'table')?.organization ?? organizationNameOf(directory, target),
    },
    items: itemsOnce(),
    doubts,
  });
}
