import { isCanceled, withTechnical } from '../connections/failures';
import { environmentRef, type TableEntry } from '../directory/entries';
import { outcomeText, type Outcome } from '../operations/outcome';
import { failedBy } from '../operations/refused';
import { renameEnvironment as renameOnServer } from '../operations/environment/renameEnvironment';
import { renameTable as renameTableOnServer } from '../operations/table/renameTable';
import { tableNameWarning } from '../warehouse/tableNames';
import { showOutcome } from '../ui/failureNotification';
import { writeWithLateCancel, type Hold } from '../ui/lateProgress';
import { asText } from '../json/visibleText';
import { sentences } from '../operations/phrases/sentences';
import { shortName } from '../operations/review/review';
import type { Confirm } from '../operations/save/applySteps';
import { reviewAsSave } from './reviewAsSave';
import { readOnlyReason } from '../warehouse/managed';
import { renameConnection } from './connection/connectionCommands';
import type { Command, CommandServices } from './command';
import { byKeyboard, focusedRows } from './focusedTreeItems';
import { requireScope } from './batch';
import { requireWritable } from './requireWritable';
import { entryOf, picked, tableOf, writableEnvironment, type EnvironmentTarget } from './targets';
import { whereText } from './placeNames';

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
    const document = entry ? undefined : tableOf(target);
    if (entry?.kind === 'connection') {
      await renameConnection.run(services, row, selection);
    } else if (entry?.kind === 'table') {
      await renameTable(services, entry);
    } else if (entry?.kind === 'environment') {
      await renameEnvironment(services, await writableEnvironment(services, row, 'project:write'));
    } else if (document) {
      await requireWritable(services, [document]);
      await services.prompts.notify('information', 'Change "name" in the table\'s document and save it.');
    } else {
      await renameEnvironment(services, await writableEnvironment(services, target, 'project:write'));
    }
  },
};

async function renameEnvironment(services: CommandServices, target: EnvironmentTarget): Promise<void> {
  const old = target.name;
  await askUntilTaken(services, {
    title: `Rename Environment ${whereText(services, target, old)}`,
    progress: `Renaming ${whereText(services, target, old)}`,
    prompt: 'The name that everyone sees in PostHog.',
    old,
    validate: (name) =>
      name.length > 200 ? `Names can have up to 200 characters. This one has ${name.length}.` : undefined,
    save: (name, signal, hold) =>
      renameOnServer(services, target, name, {
        signal,
        confirm: reviewed(services, target, hold, {
          message: `Rename ${old} to ${name}?`,
          button: `Rename ${shortName(old)}`,
        }),
      }),
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
  await requireWritable(services, [at]);
  await askUntilTaken(services, {
    title: `Rename Warehouse Table ${table.name} in ${whereText(services, at, at.name)}`,
    progress: `Renaming ${table.name} in ${whereText(services, at, at.name)}`,
    prompt: 'The name in queries. Queries that use the old name stop working.',
    old: table.name,
    validate: (name) =>
      name.length > 128 ? `Names can have up to 128 characters. This one has ${name.length}.` : undefined,
    warn: tableNameWarning,
    save: (name, signal, hold) =>
      renameTableOnServer(services, at, table, name, {
        signal,
        confirm: reviewed(services, { ...at, table }, hold, {
          message: `Rename the table ${table.name} in ${at.name} to ${name}?`,
          button: `Rename in ${shortName(at.name)}`,
        }),
      }),
  });
}

interface Renaming {
  title: string;
  progress: string;
  prompt: string;
  old: string;
  validate(name: string): string | undefined;
  /** A remark about a name that is valid. */
  warn?(name: string): string | undefined;
  save(name: string, signal: AbortSignal, hold: Hold): Promise<Outcome<unknown>>;
}

/** Asks before a rename wherever a save of the new name would ask. The progress waits meanwhile. */
function reviewed(
  services: CommandServices,
  at: Parameters<typeof reviewAsSave>[1],
  hold: Hold,
  { message, button }: { readonly message: string; readonly button: string },
): Confirm {
  const confirm = reviewAsSave(services, at, { message: asText(message), button: asText(button) });
  return (review, consented) => hold(() => confirm(review, consented));
}

/** Asks for a name until the server accepts one or the user cancels. The input keeps its text. */
async function askUntilTaken({ prompts, log }: CommandServices, renaming: Renaming): Promise<void> {
  let name = renaming.old;
  let problem: string | undefined;
  let notices: readonly string[] = [];
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
      outcome = await writeWithLateCancel(renaming.progress, (signal, hold) =>
        renaming.save(name, signal, hold),
      );
    } catch (error) {
      if (isCanceled(error)) {
        throw error;
      }
      outcome = failedBy(error, log);
    }
    if (outcome.kind === 'applied') {
      ({ notices } = outcome);
      break;
    }
    if (outcome.action?.kind === 'replaceKey') {
      // The input has no button for it.
      await showOutcome(outcome, { prompts, log });
      return;
    }
    problem = outcomeText(outcome);
    log.warn(withTechnical(problem, outcome.cause));
  }
  const warning = renaming.warn?.(name);
  const said = sentences(...notices, warning ?? '');
  if (said !== '') {
    await prompts.notify('information', said);
  }
}
