import { randomUUID } from 'node:crypto';
import { Canceled } from '../../connections/failures';
import { allowsScope, type Connection } from '../../connections/connection';
import { withViewProgress } from '../../ui/lateProgress';
import type { Command, CommandServices } from '../command';
import { askHost, type HostAnswer } from './hostStep';
import { askKey, regionNames, type CheckedKey } from './keyStep';
import { applied } from '../../operations/outcome';
import { askAndSend } from '../multiStepInput';
import { revealRow } from '../revealRow';
import { connectionTarget, picked } from '../targets';

export const addConnection: Command = {
  async run(services) {
    const { connections, provider } = services;
    let host: HostAnswer | undefined;
    let key: CheckedKey | undefined;
    let typedKey = '';
    let label: string | undefined;
    let proposed: string | undefined;
    const title = (place: string): string => `Add Connection ${place}`;
    const { result: id } = await askAndSend<'host' | 'key' | 'name', string>(services, {
      steps: [
        {
          field: 'host',
          ask: async ({ place }) => {
            host = await askHost(services, title(place), host);
          },
        },
        {
          field: 'key',
          ask: async ({ place, back }) => {
            key = await askKey(services, {
              title: title(place),
              origin: answered(host).origin,
              back: (typed) => {
                typedKey = typed;
                back?.();
              },
              offerRegion: true,
              typed: typedKey,
            });
            typedKey = key.key;
          },
        },
        {
          field: 'name',
          ask: async ({ place, back }) => {
            const { origin } = answered(key);
            // An unedited suggestion belongs to the previously chosen server.
            const typed = label === proposed ? undefined : label;
            proposed = freeLabel(regionNames[origin] ?? new URL(origin).host, labelsOf(services));
            label = await askName(services, {
              title: title(place),
              value: typed ?? proposed,
              back: (name) => {
                label = name;
                back?.();
              },
            });
          },
        },
      ],
      send: async () => {
        const { origin, access, key: secret } = answered(key);
        const connection: Connection = {
          id: randomUUID(),
          label: answered(label),
          kind: 'server',
          origin,
          access,
        };
        await connections.add(connection, secret);
        return applied(`Added ${connection.label}.`, connection.id);
      },
      refused: () => undefined,
    });
    const node = await provider.connection(id);
    if (node) {
      await revealRow(services, node, { expand: 1, focus: true });
    }
  },
};

export const trySandbox: Command = {
  async run(services) {
    const { connections, provider } = services;
    const { id } = await withViewProgress('Starting the sandbox', () => connections.addSandbox());
    const node = await provider.connection(id);
    if (node) {
      await revealRow(services, node, { expand: 2, focus: true });
    }
  },
};

export const replaceKey: Command = {
  async run(services, target) {
    const connection = await connectionTarget(services, target, ({ kind }) => kind === 'server');
    if (connection.kind === 'sandbox') {
      await services.prompts.notify('information', 'The sandbox creates its own key every time it starts.');
      return;
    }
    const { key, access } = await askKey(services, {
      title: `Replace API Key of ${connection.label}`,
      origin: connection.origin,
      connection,
    });
    await services.connections.replaceKey(connection.id, key, access);
    services.provider.refresh(await services.provider.connection(connection.id));
    await (await services.documents()).refreshRoles(connection.id);
    await services.prompts.notify('information', replacedText(connection.label, access.scopes));
  },
};

export const renameConnection: Command = {
  async run(services, target) {
    const connection = await connectionTarget(services, target);
    const label = await askName(services, {
      title: `Rename Connection ${connection.label}`,
      value: connection.label,
      own: connection.label,
    });
    await services.connections.rename(connection.id, label);
  },
};

export const removeConnection: Command = {
  async run(services, target) {
    const connection = await connectionTarget(services, target);
    const detail =
      connection.kind === 'sandbox'
        ? 'The sandbox stops, and all changes in it are lost.'
        : 'Its API key and its history are deleted from this computer, so its changes can no longer be undone here. Nothing changes in PostHog, where the key stays valid until you delete it.';
    const answer = await services.prompts.confirm(
      `Remove the connection "${connection.label}"?`,
      { detail },
      'Remove',
    );
    picked(answer);
    await services.connections.remove(connection.id);
    await services.marks.forget(connection);
  },
};

/** Asks for a connection's name. Names must be unique, so that connections can be told apart. */
async function askName(
  services: CommandServices,
  {
    own,
    ...question
  }: { title: string; value: string; own?: string; back?: ((typed: string) => void) | undefined },
): Promise<string> {
  const { back, ...rest } = question;
  const taken = labelsOf(services).filter((label) => label !== own);
  const answer = await services.prompts.ask({
    ...rest,
    ...(back && { back }),
    prompt: 'Enter a display name for this connection.',
    validate: (text) => {
      const name = text.trim();
      if (name === '') {
        return 'Enter a name.';
      }
      return taken.includes(name) ? `A connection named "${name}" already exists.` : undefined;
    },
  });
  return picked(answer).trim();
}

/** What doesn't work without a scope. */
const scopeUses: Readonly<Record<string, string>> = {
  'project:read': 'browsing environments',
  'project:write': 'saving settings',
  'warehouse_table:read': 'warehouse tables',
  'warehouse_table:write': 'changing warehouse tables',
  'query:read': 'web vitals and row previews',
  'activity_log:read': 'showing who changed what outside of VS Code',
};

function replacedText(label: string, scopes: readonly string[] | null): string {
  const access = { scopes: scopes && [...scopes], scopedTeams: [], scopedOrganizations: [] };
  const missing = Object.entries(scopeUses).filter(([scope]) => allowsScope(access, scope) === false);
  const uses = new Intl.ListFormat('en').format(missing.map(([scope, use]) => `${use} (${scope})`));
  return `Replaced the API key of "${label}".${missing.length === 0 ? '' : ` It doesn't allow ${uses}.`}`;
}

const labelsOf = ({ connections }: CommandServices): string[] => connections.list().map(({ label }) => label);

/** The answer of an earlier step. */
function answered<T>(answer: T | undefined): T {
  if (answer === undefined) {
    throw new Canceled();
  }
  return answer;
}

function freeLabel(name: string, taken: readonly string[]): string {
  let label = name;
  for (let number = 2; taken.includes(label); number += 1) {
    label = `${name} ${number}`;
  }
  return label;
}
