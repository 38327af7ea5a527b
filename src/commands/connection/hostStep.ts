import * as vscode from 'vscode';
import { Canceled, failureText, isCanceled } from '../../connections/failures';
import { isPostHogError } from '../../posthog/errors';
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
        prompt: problem ?? 'The address of your PostHog server, such as https://posthog.example.com',
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
    if (parsed.insecure) {
      picked(
        await services.prompts.confirm(
          `Send the API key to ${parsed.origin} without encryption?`,
          {
            detail:
              'The address starts with http://, so anyone on the network can read the key. Use https:// if the server supports it.',
          },
          'Send Unencrypted',
        ),
      );
    }
    problem = await hostProblem(services, parsed.origin);
    if (problem === undefined) {
      return { origin: parsed.origin, typed: value };
    }
  }
}

/** Errors that prove that PostHog is there. */
const answered = [
  'unauthorized',
  'forbidden',
  'missing-scope',
  'keys-not-supported',
  'key-restricted',
  'throttled',
];

/** Why an address isn't a PostHog server. It is called with a key that doesn't exist. */
async function hostProblem(
  { connections, log }: CommandServices,
  origin: string,
): Promise<string | undefined> {
  try {
    await withProgress(`Looking for PostHog at ${origin}`, async (_report, signal) =>
      (await connections.candidate(origin, 'nobodys-key')).getKeyInfo(signal),
    );
    return undefined;
  } catch (error) {
    if (isCanceled(error)) {
      throw error;
    }
    return isPostHogError(error) && answered.includes(error.kind) ? undefined : failureText(error, log);
  }
}
