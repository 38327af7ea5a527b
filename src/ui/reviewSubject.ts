import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { Review } from '../operations/save/applySteps';
import type { PlannedRequest } from '../operations/review/curl';
import { rehearsedOn, type Rehearse, type Rehearsed } from '../operations/review/rehearsal';
import type { ReviewPlace, ReviewSubject } from '../operations/review/review';
import { settingsPath, tablePath } from '../posthog/routes';
import { placeOf } from './reviewPlaces';

/** What rehearsing needs. */
export interface RehearsalServices {
  readonly rehearse: Rehearse;
  readonly log: Pick<vscode.LogOutputChannel, 'info' | 'warn'>;
}

/** The requests to send, once the server is known. */
export function requestsOf(
  { sending }: Pick<Review, 'sending'>,
  { origin, profile }: Connection,
): readonly PlannedRequest[] {
  if (!sending || !profile) {
    return [];
  }
  const host = origin === '' ? 'http://localhost' : origin;
  const { environment } = sending;
  if (sending.kind === 'settings') {
    return [{ method: 'PATCH', url: host + settingsPath(profile, environment), body: sending.body }];
  }
  const { tableId, patch, updates } = sending;
  return [
    ...(Object.keys(patch).length > 0
      ? [{ method: 'PATCH' as const, url: host + tablePath(profile, environment, tableId), body: patch }]
      : []),
    ...(Object.keys(updates).length > 0
      ? [
          {
            method: 'POST' as const,
            url: host + tablePath(profile, environment, tableId, 'update_schema'),
            body: { updates },
          },
        ]
      : []),
  ];
}

/** What PostHog would do with changes, tried on the built-in server, unless rehearsals are off. */
export async function rehearsalOf(
  { rehearse, log }: RehearsalServices,
  { sending }: Pick<Review, 'sending'>,
): Promise<Rehearsed> {
  if (vscode.workspace.getConfiguration('posthogEnvironments').get('save.rehearse') === false || !sending) {
    return { notes: [] };
  }
  return rehearsedOn(rehearse, sending, log);
}

/** A review before its rehearsal. */
interface Unrehearsed extends Pick<ReviewSubject, 'reason' | 'consent' | 'items' | 'doubts'> {
  readonly place: Omit<ReviewPlace, keyof ReturnType<typeof placeOf>>;
}

/** A review, with the results of its rehearsal. */
export async function rehearsedSubject(
  services: RehearsalServices,
  connection: Connection,
  review: Review,
  { place, reason, consent, items, doubts }: Unrehearsed,
): Promise<{ readonly subject: ReviewSubject; readonly rehearsed: Rehearsed }> {
  const rehearsed = await rehearsalOf(services, review);
  return {
    rehearsed,
    subject: {
      ...{ reason, consent, items, doubts },
      place: { ...place, ...placeOf(connection) },
      requests: requestsOf(review, connection),
      rehearsed: rehearsed.notes,
    },
  };
}
