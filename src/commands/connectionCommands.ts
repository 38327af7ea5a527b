import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { accessOf } from '../connections/connections';
import { Cancelled, failureText, isCancelled } from '../connections/failures';
import type { KeyAccess } from '../connections/connection';
import { isPostHogError } from '../posthog/errors';
import { parseOrigin } from '../posthog/origin';
import { withProgress, withViewProgress } from '../ui/progress';
import type { Command, CommandServices } from './command';
import { connectionTarget, picked } from './targets';

const us = 'https://us.posthog.com';
const eu = 'https://eu.posthog.com';
const regionNames: Readonly<Record<string, string>> = { [us]: 'PostHog US Cloud', [eu]: 'PostHog EU Cloud' };

/** The scopes that everything in the extension needs together (API facts 1.4). */
const scopesInUse =
  'user:read, organization:read, project:read, project:write, warehouse_table:read, warehouse_table:write, query:read';

export const addConnection: Command = {
  async run(services) {
    const { connections, provider, tree } = services;
    let origin = await askOrigin(services);
    const key = await askKey(services, origin, async (candidate) => {
      const checked = await checkKey(services, origin, candidate);
      origin = checked.origin;
      return checked.access;
    });
    const id = randomUUID();
    const name = regionNames[origin] ?? new URL(origin).host;
    const label = freeLabel(
      name,
      connections.list().map((connection) => connection.label),
    );
    await connections.add({ id, label, kind: 'server', origin, access: key.access }, key.key);
    const node = await provider.connection(id);
    if (node) {
      await tree.reveal(node, { expand: 1, focus: true });
    }
  },
};

export const trySandbox: Command = {
  async run({ connections, provider, tree }) {
    const { id } = await withViewProgress(() => connections.addSandbox());
    const node = await provider.connection(id);
    if (node) {
      await tree.reveal(node, { expand: 2, focus: true });
    }
  },
};

export const replaceKey: Command = {
  async run(services, target) {
    const connection = await connectionTarget(services, target, ({ kind }) => kind === 'server');
    if (connection.kind === 'sandbox') {
      await services.prompts.tell('information', 'The sandbox makes its own key at every start.');
      return;
    }
    const { key, access } = await askKey(
      services,
      connection.origin,
      async (candidate) => (await checkKey(services, connection.origin, candidate, false)).access,
    );
    await services.connections.replaceKey(connection.id, key, access);
    services.provider.refresh(await services.provider.connection(connection.id));
    await services.documents.refreshRoles(connection.id);
  },
};

export const renameConnection: Command = {
  async run(services, target) {
    const connection = await connectionTarget(services, target);
    const label = picked(
      await services.prompts.ask({
        title: 'Rename Connection',
        prompt: 'The name is only shown in VS Code.',
        value: connection.label,
        validate: (text) => (text.trim() === '' ? 'Enter a name.' : undefined),
      }),
    );
    await services.connections.rename(connection.id, label.trim());
  },
};

export const removeConnection: Command = {
  async run(services, target) {
    const connection = await connectionTarget(services, target);
    const detail =
      connection.kind === 'sandbox'
        ? 'The sandbox ends, and what was changed in it is gone.'
        : 'Its API key is deleted from the secret storage. Nothing changes in PostHog; the key stays valid there until you delete it.';
    const answer = await services.prompts.confirm(
      `Remove the connection "${connection.label}"?`,
      { detail },
      'Remove',
    );
    picked(answer);
    await services.connections.remove(connection.id);
  },
};

async function askOrigin(services: CommandServices): Promise<string> {
  const choice = picked(
    await services.prompts.pick(
      [
        {
          label: 'US Cloud',
          description: 'us.posthog.com',
          iconPath: new vscode.ThemeIcon('cloud'),
          value: us,
        },
        {
          label: 'EU Cloud',
          description: 'eu.posthog.com',
          iconPath: new vscode.ThemeIcon('cloud'),
          value: eu,
        },
        {
          label: 'Self-hosted…',
          description: 'your own address',
          iconPath: new vscode.ThemeIcon('server'),
          value: '',
        },
      ],
      { title: 'Add Connection (1 of 2)', placeHolder: 'Where is your PostHog?' },
    ),
  );
  if (choice !== '') {
    return choice;
  }
  const typed = picked(
    await services.prompts.ask({
      title: 'Add Connection (1 of 2)',
      prompt: 'Address of your PostHog, such as https://posthog.example.com',
      placeHolder: 'https://posthog.example.com',
      validate: (text) => {
        const parsed = parseOrigin(text);
        return parsed.ok ? undefined : parsed.problem;
      },
    }),
  );
  const parsed = parseOrigin(typed);
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
  return parsed.origin;
}

/** Asks for a key until one is accepted or the person cancels. What was typed stays filled in. */
async function askKey(
  { prompts, log }: CommandServices,
  origin: string,
  check: (key: string) => Promise<KeyAccess>,
): Promise<{ key: string; access: KeyAccess }> {
  let typed = '';
  let problem: string | undefined;
  for (;;) {
    const answer = await prompts.ask({
      title: 'Personal API Key',
      prompt: problem ?? `A personal API key (phx_…). It needs the scopes: ${scopesInUse}.`,
      placeHolder: 'phx_…',
      password: true,
      value: typed,
      link: {
        tooltip: 'Open the page where personal API keys are made',
        url: `${origin}/settings/user-api-keys`,
      },
      ...(problem !== undefined && { problem }),
      validate: keyProblem,
    });
    typed = picked(answer).trim();
    try {
      return { key: typed, access: await check(typed) };
    } catch (error) {
      if (isCancelled(error)) {
        throw error;
      }
      problem = failureText(error, log);
    }
  }
}

function keyProblem(text: string): string | undefined {
  const key = text.trim();
  if (key === '') {
    return 'Enter the key. The link above opens the page where keys are made.';
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
  offerRegion = true,
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

function freeLabel(name: string, taken: readonly string[]): string {
  let label = name;
  for (let number = 2; taken.includes(label); number += 1) {
    label = `${name} ${number}`;
  }
  return label;
}
