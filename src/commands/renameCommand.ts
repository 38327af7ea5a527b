import { isCancelled, withTechnical } from '../connections/failures';
import { environmentRef, type TableEntry } from '../directory/entries';
import { outcomeText, type Outcome } from '../operations/outcome';
import { failedBy } from '../operations/refused';
import { renameEnvironment as renameOnServer } from '../operations/environment/renameEnvironment';
import { renameTable as renameTableOnServer } from '../operations/table/renameTable';
import { tableNameWarning } from '../warehouse/tableNames';
import { writeWithLateCancel } from '../ui/lateProgress';
import { readOnlyReason } from '../warehouse/managed';
import { renameConnection } from './connection/connectionCommands';
import type { Command, CommandServices } from './command';
import { byKeyboard, focusedRows } from './focusedTreeItems';
import { requireScope } from './batch';
import { entryOf, environmentTarget, picked, tableOf, type EnvironmentTarget } from './targets';

const renamed: readonly unknown[] = ['connection', 'environment', 'table'];

/** F2: renames a connection, an environment or a linked table. */
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
      await services.prompts.notify('information', 'Change "name" in the table\'s document and save it.');
    } else {
      await renameEnvironment(services, await environmentTarget(services, target, 'project:write'));
    }
  },
};

async function renameEnvironment(services: CommandServices, target: EnvironmentTarget): Promise<void> {
  const old = target.name;
  await askUntilTaken(services, {
    title: `Rename Environment ${old}`,
    prompt: 'The name that everyone sees in PostHog.',
    old,
    validate: (name) =>
      name.length > 200 ? `Names can have up to 200 characters. This one has ${name.length}.` : undefined,
    save: (name, signal) => renameOnServer(services, target, name, signal),
  });
}

async function renameTable(services: CommandServices, entry: TableEntry): Promise<void> {
  const { table, connectionId } = entry;
  const { parent } = entry.parent;
  const at = { connectionId, environment: environmentRef(parent), name: parent.basic.name };
  const managed = readOnlyReason(table.raw);
  if (managed !== undefined) {
    await services.prompts.notify('information', managed);
    return;
  }
  requireScope(services, connectionId, 'warehouse_table:write');
  await askUntilTaken(services, {
    title: `Rename Warehouse Table ${table.name}`,
    prompt: 'The name in queries. Queries that use the old name stop working.',
    old: table.name,
    validate: (name) =>
      name.length > 128 ? `Names can have up to 128 characters. This one has ${name.length}.` : undefined,
    warn: tableNameWarning,
    save: (name, signal) => renameTableOnServer(services, at, table, name, signal),
  });
}

interface Renaming {
  title: string;
  prompt: string;
  old: string;
  validate(name: string): string | undefined;
  /** A remark about a name that is valid. */
  warn?(name: string): string | undefined;
  save(name: string, signal: AbortSignal): Promise<Outcome<unknown>>;
}

/** Asks for a name until the server accepts one or the user cancels. The input keeps its text. */
async function askUntilTaken({ prompts, log }: CommandServices, renaming: Renaming): Promise<void> {
  let name = renaming.old;
  let problem: string | undefined;
  for (;;) {
    const answer = await prompts.ask({
      title: renaming.title,
      prompt: problem ?? renaming.prompt,
      value: name,
      ...(problem !== undefined && { problem }),
      validate: (text) => (text.trim() === '' ? "The name can't be empty." : renaming.validate(text.trim())),
    });
    name = picked(answer).trim();
    if (name === renaming.old) {
      return;
    }
    let outcome: Outcome<unknown>;
    try {
      outcome = await writeWithLateCancel(`Renaming ${renaming.old}`, (signal) =>
        renaming.save(name, signal),
      );
    } catch (error) {
      if (isCancelled(error)) {
        throw error;
      }
      outcome = failedBy(error, log);
    }
    if (outcome.kind === 'applied') {
      break;
    }
    problem = outcomeText(outcome);
    log.warn(withTechnical(problem, outcome.cause));
  }
  const warning = renaming.warn?.(name);
  if (warning !== undefined) {
    await prompts.notify('information', warning);
  }
}
