import { accessOf } from '../../connections/connections';
import type { Connection, KeyAccess } from '../../connections/connection';
import { failureText, isCanceled } from '../../connections/failures';
import { isPostHogError, restate } from '../../posthog/errors';
import { withProgress } from '../../ui/progress';
import type { CommandServices } from '../command';
import { picked } from '../targets';

export const us = 'https://us.posthog.com';
export const eu = 'https://eu.posthog.com';
export const regionNames: Readonly<Record<string, string>> = {
  [us]: 'PostHog US Cloud',
  [eu]: 'PostHog EU Cloud',
};

/** The scopes that cover everything the extension does (API facts 1.4). */
const scopesInUse =
  'user:read, organization:read, project:read, project:write, warehouse_table:read, warehouse_table:write, query:read, activity_log:read';

/** What the key prompt shows. */
export interface KeyQuestion {
  title: string;
  origin: string;
  /** What was typed before. */
  typed?: string;
  back?: ((typed: string) => void) | undefined;
  /** The connection that gets the key; absent when adding one. */
  connection?: Connection;
  /** Offer a key of the other region to that region. */
  offerRegion?: boolean;
}

/** A key that its server accepted. */
export interface CheckedKey {
  key: string;
  /** The server that accepted the key; may be the other region's. */
  origin: string;
  access: KeyAccess;
}

/** Asks for a key until one is accepted or the user cancels. The input keeps its text. */
export async function askKey(services: CommandServices, question: KeyQuestion): Promise<CheckedKey> {
  const { prompts, connections } = services;
  const { title, origin, back, connection, offerRegion = false } = question;
  const place = regionNames[origin] ?? new URL(origin).host;
  let typed = question.typed ?? '';
  let problem: string | undefined;
  for (;;) {
    const answer = await prompts.ask({
      title,
      prompt:
        problem ??
        `Personal API key for ${place} (phx_…). Scopes used: ${scopesInUse}. With fewer scopes, the features that need them are unavailable.`,
      placeHolder: 'phx_…',
      password: true,
      value: typed,
      link: {
        tooltip: 'Open the personal API keys page',
        url: `${origin}/settings/user-api-keys`,
      },
      ...(back && { back }),
      ...(problem !== undefined && { problem }),
      validate: keyProblem,
    });
    typed = picked(answer).trim();
    try {
      const checked = await checkKey(services, origin, typed, offerRegion);
      const double = await connections.withKey(checked.origin, typed);
      if (!double || double.id === connection?.id) {
        return { ...checked, key: typed };
      }
      problem = `The connection "${double.label}" already uses this key. Enter another key, or press Esc to cancel.`;
    } catch (error) {
      // Canceling the check returns to the key.
      problem = isCanceled(error) ? undefined : failureText(inTheBox(error), services.log);
    }
  }
}

/**
 * An error with a remedy that makes sense in the input box: there may be no connection yet whose key could be replaced.
 */
function inTheBox(error: unknown): unknown {
  if (!isPostHogError(error)) {
    return error;
  }
  switch (error.kind) {
    case 'unauthorized':
      return restate(error, { remedy: 'Check that you copied all of it, or enter another key.' });
    case 'missing-scope':
      return restate(error, { remedy: 'Add the scope to the key in PostHog, or enter another key.' });
    default:
      return error;
  }
}

function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === '') {
    return 'Enter a key. The button above opens the page where you create keys.';
  }
  if (key.startsWith('phc_')) {
    return 'This is a project token (phc_…), which can send events but not read settings. Personal API keys start with phx_.';
  }
  if (key.startsWith('phs_')) {
    return "This is a project secret key (phs_…), which this API doesn't accept. Personal API keys start with phx_.";
  }
  return /[^\x21-\x7e]/.test(key)
    ? 'API keys contain no spaces or special characters. Copy the key again.'
    : undefined;
}

/** Checks the key with the server before it is stored. A key of the other region is offered to that region. */
async function checkKey(
  services: CommandServices,
  origin: string,
  key: string,
  offerRegion: boolean,
): Promise<{ origin: string; access: KeyAccess }> {
  const { connections, prompts } = services;
  try {
    const info = await withProgress(`Checking the key with ${origin}`, async (_report, signal) =>
      (await connections.candidate(origin, key)).getKeyInfo(signal),
    );
    return { origin, access: accessOf(info) };
  } catch (error) {
    const other = origin === us ? eu : origin === eu ? us : undefined;
    const otherName = other === undefined ? undefined : regionNames[other];
    if (!offerRegion || !other || !otherName || !isPostHogError(error) || error.kind !== 'unauthorized') {
      throw error;
    }
    const answer = await prompts.confirm(
      `${regionNames[origin] ?? origin} doesn't recognize this key. Try ${otherName}?`,
      { detail: `Each key belongs to one region. This sends the key to ${other}.`, severity: 'information' },
      'Try Other Region',
    );
    if (!answer) {
      throw error;
    }
    return checkKey(services, other, key, false);
  }
}
