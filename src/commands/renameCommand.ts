import { failureText, isCancelled } from '../connections/failures';
import { SaveRefused } from '../operations/saveRefused';
import { environmentRef, type TableEntry } from '../directory/entries';
import type { Generation } from '../settings/catalogue';
import type { PostHogClient } from '../posthog/client';
import type { EnvironmentRef } from '../posthog/models';
import { formatDocument } from '../settings/document';
import { tableDocument } from '../warehouse/tableDocument';
import { tableNameWarning } from '../warehouse/tableNames';
import { withStatus } from '../ui/progress';
import { readOnlyReason } from '../warehouse/managed';
import { renameConnection } from './connection/connectionCommands';
import type { Command, CommandServices } from './command';
import { byKeyboard, focusedRows } from './focusedTreeItems';
import { requireScope } from './batch';
import { entryOf, environmentTarget, picked, tableOf, type EnvironmentTarget } from './targets';

const renamed: readonly unknown[] = ['connection', 'environment', 'table'];

/** F2: the label of a connection, the name of an environment or of a linked table. */
export const rename: Command = {
  async run(services, target, selection) {
    const row =
      target === byKeyboard ? (await focusedRows(services))[0] : (target ?? services.tree.selection[0]);
    const entry = entryOf(row);
    if (target === byKeyboard && !renamed.includes(entry?.kind)) {
      return;
    }
    if (entry?.kind === 'connection') {
      await renameConnection.run(services, row, selection);
    } else if (entry?.kind === 'table') {
      await renameTable(services, entry);
    } else if (entry?.kind === 'environment') {
      await renameEnvironment(services, await environmentTarget(services, row, 'project:write'));
    } else if (tableOf(target)) {
      await services.prompts.tell('information', 'Change "name" in the document of the table and save it.');
    } else {
      await renameEnvironment(services, await environmentTarget(services, target, 'project:write'));
    }
  },
};

async function renameEnvironment(services: CommandServices, target: EnvironmentTarget): Promise<void> {
  const { connectionId, environment, name: old } = target;
  await askUntilTaken(services, {
    title: `Rename Environment ${old}`,
    prompt: 'The name as everybody in PostHog sees it.',
    old,
    validate: (name) =>
      name.length > 200 ? `A name can have at most 200 characters; this has ${name.length}.` : undefined,
    async save(name) {
      const client = await services.connections.client(connectionId);
      const { saveSettings } = await import('../operations/savePipeline');
      const { signal } = new AbortController();
      const generation = await generationOf(client, environment, signal);
      // Only the name is in the document, so only the name is compared, sent and confirmed.
      const request = { client, environment, text: formatDocument({ name }), base: { name: old }, signal };
      const { detail } = await saveSettings(request, generation);
      if (detail) {
        services.receipts.tell({
          done: `Renamed ${old} to`,
          connectionId,
          environmentId: environment.id,
          name: detail.name,
          keys: ['name'],
        });
        services.changes.tell({ kind: 'environment', connectionId, environment, detail });
      }
    },
  });
}

async function renameTable(services: CommandServices, entry: TableEntry): Promise<void> {
  const { table, connectionId } = entry;
  const environment = environmentRef(entry.parent.parent);
  const managed = readOnlyReason(table.raw);
  if (managed !== undefined) {
    await services.prompts.tell('information', managed);
    return;
  }
  requireScope(services, connectionId, 'warehouse_table:write');
  const base = tableDocument(table.raw);
  await askUntilTaken(services, {
    title: `Rename Warehouse Table ${table.name}`,
    prompt: 'The name in queries. Queries that use the old name stop working.',
    old: table.name,
    validate: (name) =>
      name.length > 128 ? `A name can have at most 128 characters; this has ${name.length}.` : undefined,
    warn: tableNameWarning,
    async save(name) {
      const client = await services.connections.client(connectionId);
      const { saveTable } = await import('../operations/savePipeline');
      const { signal } = new AbortController();
      const text = formatDocument({ ...base, name });
      const generation = await generationOf(client, environment, signal);
      const saved = await saveTable({ client, environment, text, base, signal }, table.id, generation);
      if (saved.table) {
        services.receipts.tell({
          done: `Renamed ${table.name} to ${saved.table.name} in`,
          connectionId,
          environmentId: environment.id,
          keys: ['name'],
        });
        services.changes.tell({ kind: 'table', connectionId, environment, table: saved.table });
      }
    },
  });
}

interface Renaming {
  title: string;
  prompt: string;
  old: string;
  validate(name: string): string | undefined;
  /** What is to be known about a name that can be taken. */
  warn?(name: string): string | undefined;
  save(name: string): Promise<void>;
}

/** Asks for a name until the server takes one or the person cancels. What was typed stays filled in. */
async function askUntilTaken({ prompts, log }: CommandServices, renaming: Renaming): Promise<void> {
  let name = renaming.old;
  let problem: string | undefined;
  for (;;) {
    const answer = await prompts.ask({
      title: renaming.title,
      prompt: problem ?? renaming.prompt,
      value: name,
      ...(problem !== undefined && { problem }),
      validate: (text) => (text.trim() === '' ? 'A name cannot be empty.' : renaming.validate(text.trim())),
    });
    name = picked(answer).trim();
    if (name === renaming.old) {
      return;
    }
    try {
      await withStatus(`Renaming ${renaming.old}`, () => renaming.save(name));
      break;
    } catch (error) {
      if (isCancelled(error)) {
        throw error;
      }
      problem = error instanceof SaveRefused ? refusalText(error) : failureText(error, log);
    }
  }
  const warning = renaming.warn?.(name);
  if (warning !== undefined) {
    await prompts.tell('information', warning);
  }
}

/** A refused save in the words of a renaming: there is no document to compare. */
function refusalText({ message, conflictingKeys }: SaveRefused): string {
  return conflictingKeys.length > 0
    ? 'Someone renamed it in the meantime. Press Esc and refresh the list to see its current name.'
    : message;
}

async function generationOf(
  client: PostHogClient,
  { id, projectId }: EnvironmentRef,
  signal: AbortSignal,
): Promise<Generation> {
  const profile = client.profile ?? (await client.detect({ projectId, environmentId: id }, signal));
  return profile.generation;
}
