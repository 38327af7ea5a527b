import { accessOf } from '../../connections/connections';
import type { Connection, KeyAccess } from '../../connections/connection';
import { failureText, isCancelled } from '../../connections/failures';
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

/** The scopes that everything in the extension needs together (API facts 1.4). */
const scopesInUse =
  'user:read, organization:read, project:read, project:write, warehouse_table:read, warehouse_table:write, query:read';

/** What the box for a key says, and what it begins with. */
export interface KeyQuestion {
  title: string;
  origin: string;
  /** What was typed before. */
  typed?: string;
  back?: ((typed: string) => void) | undefined;
  /** The connection that gets the key; absent while one is added. */
  connection?: Connection;
  /** A key of the other region is offered to that region. */
  offerRegion?: boolean;
}

/** A key that its server knows. */
export interface CheckedKey {
  key: string;
  /** The server that knows the key: where a region was offered, the other one. */
  origin: string;
  access: KeyAccess;
}

/** Asks for a key until one is accepted or the person cancels. What was typed stays filled in. */
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
        `A personal API key of ${place} (phx_…). Scopes in use: ${scopesInUse}. Fewer are fine: what needs them is left out.`,
      placeHolder: 'phx_…',
      password: true,
      value: typed,
      link: {
        tooltip: 'Open the page where personal API keys are made',
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
      problem = `"${double.label}" is a connection with this key already. Enter another key, or press Esc to keep what is there.`;
    } catch (error) {
      if (isCancelled(error)) {
        throw error;
      }
      problem = failureText(inTheBox(error), services.log);
    }
  }
}

/** A failure whose remedy is the box that shows it: there may be no connection yet whose key could be replaced. */
function inTheBox(error: unknown): unknown {
  if (!isPostHogError(error)) {
    return error;
  }
  switch (error.kind) {
    case 'unauthorized':
      return restate(error, { remedy: 'Check that it was copied whole, or enter another one.' });
    case 'missing-scope':
      return restate(error, { remedy: 'Add the scope to the key in PostHog, or enter another key.' });
    default:
      return error;
  }
}

function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === '') {
    return 'Enter the key. The button above opens the page where keys are made.';
  }
  if (key.startsWith('phc_')) {
    return 'This is a project token (phc_…): it sends events but cannot read settings. A personal API key begins with phx_.';
  }
  if (key.startsWith('phs_')) {
    return 'This is a project secret key (phs_…), which this API does not accept. A personal API key begins with phx_.';
  }
  return /[^\x21-\x7e]/.test(key)
    ? 'A key has no spaces and no special characters. Copy it once more.'
    : undefined;
}

/** Asks the server about the key before it is kept. A key of the other region is offered to that region. */
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
      `${regionNames[origin] ?? origin} does not know this key. Try ${otherName}?`,
      { detail: `Keys belong to one region. The key would be sent to ${other}.`, severity: 'information' },
      'Try Other Region',
    );
    if (!answer) {
      throw error;
    }
    return checkKey(services, other, key, false);
  }
}
