import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { JsonObject } from '../json/json';
import type { Review } from '../operations/save/applySteps';
import { list } from '../operations/phrases';
import type { PlannedRequest } from '../operations/review/curl';
import {
  differsFromRehearsal,
  rehearsalFailed,
  rehearsedNotes,
  tablesNotRehearsed,
  type Rehearse,
  type Rehearsed,
} from '../operations/review/rehearsal';
import { settingsPath, tablePath } from '../posthog/routes';

/** What rehearsing needs. */
export interface RehearsalServices {
  readonly rehearse: Rehearse;
  readonly log: Pick<vscode.LogOutputChannel, 'info' | 'warn'>;
}

/** The requests that will be sent, once the server is known. */
export function requestsOf({ sending }: Review, { origin, profile }: Connection): readonly PlannedRequest[] {
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

/** What PostHog would make of changes, tried on the built-in server, unless that is switched off. */
export async function rehearsalOf(
  { rehearse, log }: RehearsalServices,
  { sending }: Pick<Review, 'sending'>,
): Promise<Rehearsed> {
  if (vscode.workspace.getConfiguration('posthogEnvironments').get('save.rehearse') === false || !sending) {
    return { notes: [] };
  }
  if (sending.kind !== 'settings') {
    return { notes: [tablesNotRehearsed] };
  }
  const { generation, raw, body } = sending;
  const level = raw.effective_membership_level;
  const rehearsal = {
    ...{ generation, environment: raw, body },
    membershipLevel: typeof level === 'number' ? level : 8,
  };
  try {
    return rehearsedNotes(rehearsal, await rehearse(rehearsal));
  } catch (error) {
    log.warn(`Couldn't rehearse the changes: ${String(error)}`);
    return { notes: [rehearsalFailed] };
  }
}

const acceptedAll = 'PostHog accepted this, although the rehearsal rejected it.';
const refusedAll = 'In the rehearsal, PostHog would have accepted this.';

/** Where PostHog's response differs from what a rehearsal showed, to be said and logged. */
export function rehearsalNotices(
  rehearsed: Rehearsed,
  answered: JsonObject | undefined,
  log: RehearsalServices['log'],
): readonly string[] {
  const otherwise = answered ? acceptedAll : refusedAll;
  if (answered ? rehearsed.refuses : rehearsed.expected) {
    log.warn(otherwise);
    return [otherwise];
  }
  if (!answered) {
    return [];
  }
  const keys = differsFromRehearsal(rehearsed, answered);
  if (keys.length === 0) {
    return [];
  }
  log.warn(`PostHog's response differs from the rehearsal: ${keys.join(', ')}.`);
  return [`${list(keys)}: PostHog's response differs from what the rehearsal showed.`];
}
