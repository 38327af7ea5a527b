import * as vscode from 'vscode';
import { Canceled, failureText, isCanceled } from '../../connections/failures';
import { isPostHogError, restate, type PostHogError } from '../../posthog/errors';
import { parseOrigin } from '../../posthog/origin';
import { withProgress } from '../../ui/progress';
import type { CommandServices } from '../command';
import { eu, us } from './keyStep';
import { picked } from '../targets';

/** The server the user chose, so far. */
export interface HostAnswer {
  origin: string;
  /** What the user typed, unless they chose a region. */
  typed?: string;
}

/** Asks for the server. A self-hosted one is checked before its key is asked for. */
export async function askHost(
  services: CommandServices,
  title: string,
  before: HostAnswer | undefined,
): Promise<HostAnswer> {
  let own = before?.typed !== undefined;
  let typed = before?.typed ?? '';
  for (;;) {
    if (!own) {
      const region = await askRegion(services, title, before);
      if (region !== '') {
        return { origin: region };
      }
    }
    const went = { back: false };
    try {
      return await askAddress(
        services,
        title,
        typed,
        (text) => (typed = text),
        () => (went.back = true),
      );
    } catch (error) {
      if (!isCanceled(error) || !went.back) {
        throw error;
      }
      own = false;
    }
  }
}

async function askRegion(
  { prompts }: CommandServices,
  title: string,
  before: HostAnswer | undefined,
): Promise<string> {
  const cloud = new vscode.ThemeIcon('cloud');
  const server = new vscode.ThemeIcon('server');
  return picked(
    await prompts.pick(
      [
        { label: 'US Cloud', description: 'us.posthog.com', iconPath: cloud, value: us },
        { label: 'EU Cloud', description: 'eu.posthog.com', iconPath: cloud, value: eu },
        { label: 'Self-hosted…', description: 'Your own server', iconPath: server, value: '' },
      ],
      {
        title,
        placeHolder: 'Where is your PostHog hosted?',
        ...(before && { active: before.typed === undefined ? before.origin : '' }),
      },
    ),
  );
}

/** Asks for an address until PostHog responds there. */
async function askAddress(
  services: CommandServices,
  title: string,
  typed: string,
  keep: (typed: string) => void,
  back: () => void,
): Promise<HostAnswer> {
  let value = typed;
  let problem: string | undefined;
  for (;;) {
    value = picked(
      await services.prompts.ask({
        title,
        prompt: problem ?? 'Enter the address of your PostHog server.',
        placeHolder: 'https://posthog.example.com',
        value,
        back: (text) => {
          keep(text);
          back();
        },
        ...(problem !== undefined && { problem }),
        validate: (text) => {
          const parsed = parseOrigin(text);
          return parsed.ok ? undefined : parsed.problem;
        },
      }),
    );
    keep(value);
    const parsed = parseOrigin(value);
    if (!parsed.ok) {
      throw new Canceled();
    }
    // From here on, canceling returns to the address, so that it can be corrected.
    problem = undefined;
    if (parsed.insecure && !(await allowsUnencrypted(services, parsed.origin))) {
      continue;
    }
    try {
      await findPostHog(services, parsed.origin);
      return { origin: parsed.origin, typed: value };
    } catch (error) {
      problem = isCanceled(error) ? undefined : failureText(error, services.log);
    }
  }
}

const allowsUnencrypted = async ({ prompts }: CommandServices, origin: string): Promise<boolean> =>
  (await prompts.confirm(
    `Send the API key to ${origin} without encryption?`,
    {
      detail:
        'The address starts with http://, so anyone on the network can read the key. Use https:// if the server supports it.',
    },
    'Send Unencrypted',
  )) !== undefined;

/**
 * Checks that PostHog responds at an address. It is called with a key that doesn't exist.
 * @throws PostHogError if it doesn't
 */
async function findPostHog({ connections }: CommandServices, origin: string): Promise<void> {
  try {
    await withProgress(`Looking for PostHog at ${origin}`, async (_report, signal) =>
      (await connections.candidate(origin, 'nobodys-key')).getKeyInfo(signal),
    );
  } catch (error) {
    if (!isPostHogError(error)) {
      throw error;
    }
    const found = whoResponded(error);
    if (found !== 'posthog') {
      throw found === 'unknown' ? error : notPostHog(error, origin);
    }
  }
}

/** How PostHog itself rejects a key (API facts 1.5). Other programs respond with HTTP 401 and 403, too. */
const rejectionCodes = ['authentication_failed', 'not_authenticated', 'permission_denied'];

/** What an error says about the server: PostHog rejects the key, and anything else doesn't know the request. */
function whoResponded({ kind, code = '' }: PostHogError): 'posthog' | 'other' | 'unknown' {
  switch (kind) {
    case 'throttled':
      return 'posthog';
    case 'unauthorized':
    case 'forbidden':
    case 'missing-scope':
    case 'keys-not-supported':
    case 'key-restricted':
      return rejectionCodes.includes(code) ? 'posthog' : 'other';
    case 'endpoint-missing':
    case 'not-found':
      return 'other';
    case 'unexpected-answer':
      return code === '' ? 'other' : 'unknown';
    default:
      return 'unknown';
  }
}

const notPostHog = (error: PostHogError, origin: string): PostHogError =>
  restate(error, {
    what: `${origin} doesn't seem to be PostHog.`,
    why: `It doesn't respond as PostHog does${error.status === undefined ? '' : ` (HTTP ${error.status})`}.`,
    remedy: "Check the address. It may also be a version of PostHog that the extension doesn't support.",
  });
