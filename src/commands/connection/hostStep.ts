import * as vscode from 'vscode';
import { Cancelled, failureText, isCancelled } from '../../connections/failures';
import { isPostHogError } from '../../posthog/errors';
import { parseOrigin } from '../../posthog/origin';
import { withProgress } from '../../ui/progress';
import type { CommandServices } from '../command';
import { eu, us } from './keyStep';
import { picked } from '../targets';

/** Where the person's PostHog is, as far as it was answered. */
export interface HostAnswer {
  origin: string;
  /** What was typed, where it is not a region. */
  typed?: string;
}

/** Asks where PostHog is. A server of one's own is looked at before anything is asked about its key. */
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
      if (!isCancelled(error) || !went.back) {
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
        { label: 'Self-hosted…', description: 'your own address', iconPath: server, value: '' },
      ],
      {
        title,
        placeHolder: 'Where is your PostHog?',
        ...(before && { active: before.typed === undefined ? before.origin : '' }),
      },
    ),
  );
}

/** Asks for an address until a PostHog answers there. */
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
        prompt: problem ?? 'Address of your PostHog, such as https://posthog.example.com',
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
      throw new Cancelled();
    }
    if (parsed.insecure) {
      picked(
        await services.prompts.confirm(
          `Send the API key to ${parsed.origin} without encryption?`,
          {
            detail:
              'The address begins with http, so everyone on the network between here and there can read the key. Use https if the server has it.',
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

/** Failures that say that PostHog is there. */
const answered = [
  'unauthorized',
  'forbidden',
  'missing-scope',
  'keys-not-supported',
  'key-restricted',
  'throttled',
];

/** Why there is no PostHog at an address. It is asked with a word that is nobody's key. */
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
    if (isCancelled(error)) {
      throw error;
    }
    return isPostHogError(error) && answered.includes(error.kind) ? undefined : failureText(error, log);
  }
}
