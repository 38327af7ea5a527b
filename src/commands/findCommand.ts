import * as vscode from 'vscode';
import { failureText, isCanceled } from '../connections/failures';
import { environmentRef, tablesEntry, type Entry, type EnvironmentEntry } from '../directory/entries';
import { setContextKey } from '../ui/contextKeys';
import type { Choice } from '../ui/prompts';
import type { SettingsField } from '../settings/catalogue';
import { formatAndSource } from '../warehouse/formatTexts';
import type { WarehouseTable } from '../posthog/models';
import { allEnvironments, type EnvironmentPlace } from './allEnvironments';
import type { Command, CommandServices } from './command';
import { matchingSettings, settingChoice, showEverywhere } from './findSetting';
import { openDocument } from './openCommands';
import { revealRow } from './revealRow';
import { environmentOf, environmentOfEntry } from './targets';

/** How many environments are searched without asking: each costs a request per search. */
const askedEnvironments = 20;
/** Concurrent requests. */
const lanes = 4;
/** Tables shown per environment. */
const tablesShown = 20;
/** Settings shown. */
const settingsShown = 12;
/** Shorter texts match nearly every name. */
const searchedFrom = 2;

/** What a row of the quick pick represents. */
type Found =
  | { kind: 'environment'; entry: EnvironmentEntry }
  | { kind: 'table'; entry: EnvironmentEntry; table: WarehouseTable }
  | { kind: 'setting'; field: SettingsField }
  /** Says that the list is incomplete; `everywhere`: choosing it searches the rest too. */
  | { kind: 'note'; everywhere: boolean };

export const find: Command = {
  async run(services) {
    const listed = listEnvironments(services);
    let text = '';
    let everywhere = false;
    for (;;) {
      const found = await services.prompts.search<Found>(
        async (typed, signal, show) => {
          text = typed;
          const { places, notes } = await listed;
          const environments = matching(places, typed);
          if (typed.trim().length < searchedFrom) {
            return [...environments, ...notes];
          }
          const settings = matchingSettings(typed, settingsShown).map((field): Choice<Found> => ({
            ...settingChoice(field),
            alwaysShow: true,
            value: { kind: 'setting', field },
          }));
          show?.([...environments, ...settings]);
          const tables = await searchTables(services, places, typed.trim(), everywhere, signal);
          return [...environments, ...tables, ...settings, ...notes];
        },
        {
          title: 'Find Environment, Table, or Setting',
          placeHolder: 'Type an environment, or at least two letters of a table or setting',
          log: services.log,
          ...(text !== '' && { value: text }),
        },
      );
      if (!found) {
        return;
      }
      if (found.kind === 'setting') {
        await showEverywhere(services, found.field);
        setContextKey('found');
        return;
      }
      if (found.kind !== 'note') {
        await choose(services, found);
        setContextKey('found');
        return;
      }
      everywhere ||= found.everywhere;
    }
  },
};

async function choose(
  services: CommandServices,
  found: Exclude<Found, { kind: 'note' | 'setting' }>,
): Promise<void> {
  const environment = environmentOfEntry(found.entry);
  if (found.kind === 'environment') {
    await openDocument(services, environment);
  } else {
    const { id, name } = found.table;
    await openDocument(services, { ...environment, kind: 'table', tableId: id, name });
  }
  const shown = found.kind === 'environment' ? found.entry : shownFor(services, found.entry, found.table);
  const row = await services.provider.row(shown);
  if (row) {
    await revealRow(services, row, { select: true, focus: false });
  }
}

/**
 * The table's entry if its list has been loaded; otherwise the list itself, because loading a long one costs too much.
 */
function shownFor(
  { directory }: CommandServices,
  environment: EnvironmentEntry,
  { id }: WarehouseTable,
): Entry {
  const tables = tablesEntry(environment);
  return directory.list(tables).items.find(({ table }) => table.id === id) ?? tables;
}

/** The environments of all connections. What couldn't be listed becomes a row with the reason. */
async function listEnvironments(
  services: CommandServices,
): Promise<{ places: readonly EnvironmentPlace[]; notes: readonly Choice<Found>[] }> {
  const { places, gaps } = await allEnvironments(services);
  const notes = gaps.map(({ what, why, isFailure }) => note(what, why, isFailure ? 'error' : 'warning'));
  if (places.length + notes.length === 0) {
    notes.push(note('Nothing to search yet', 'Add a connection first.', 'info'));
  }
  return { places, notes };
}

function matching(places: readonly EnvironmentPlace[], typed: string): Choice<Found>[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return places
    .filter(({ entry: { basic }, place }) => {
      const text = `${basic.name} ${basic.id} ${place}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .map(({ entry, place }) => ({
      label: entry.basic.name,
      description: [String(entry.basic.id), entry.basic.timezone].filter(Boolean).join(' · '),
      detail: place,
      iconPath: new vscode.ThemeIcon('layers'),
      alwaysShow: true,
      value: { kind: 'environment', entry },
    }));
}

/** Queries all servers independently. A failed search becomes a row. */
async function searchTables(
  services: CommandServices,
  places: readonly EnvironmentPlace[],
  search: string,
  everywhere: boolean,
  signal: AbortSignal,
): Promise<Choice<Found>[]> {
  const readable = ({ connection }: EnvironmentPlace): boolean =>
    services.connections.may(connection.id, 'warehouse_table:read') !== false;
  const current = environmentOf(services.tree.selection[0]) ?? environmentOf(undefined);
  const isCurrent = ({ entry, connection }: EnvironmentPlace): number =>
    entry.environmentId === current?.environment.id && connection.id === current.connectionId ? 0 : 1;
  const candidates = places.filter(readable).sort((left, right) => isCurrent(left) - isCurrent(right));
  const asked = everywhere ? candidates : candidates.slice(0, askedEnvironments);
  const answers = new Map<EnvironmentPlace, Choice<Found>[]>();
  const failures = new Map<string, Choice<Found>>();
  const waiting = [...asked];
  const lane = async (): Promise<void> => {
    for (let place = waiting.shift(); place && !signal.aborted; place = waiting.shift()) {
      try {
        answers.set(place, await tablesIn(services, place, search, signal));
      } catch (error) {
        if (isCanceled(error)) {
          return;
        }
        const { label } = place.connection;
        failures.set(
          label,
          note(`Couldn't search the tables of ${label}`, failureText(error, services.log), 'error'),
        );
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const left = candidates.length - asked.length;
  const closed = new Set(
    places.filter((place) => !readable(place)).map(({ connection }) => connection.label),
  );
  return [
    ...asked.flatMap((place) => answers.get(place) ?? []),
    ...failures.values(),
    ...[...closed].map((label) =>
      note(
        `Tables of ${label} aren't searched`,
        "Its API key doesn't have the scope warehouse_table:read.",
        'lock',
      ),
    ),
    ...(left > 0
      ? [
          {
            ...note(
              `Search the tables of ${left} more ${left === 1 ? 'environment' : 'environments'}`,
              `Searched only the first ${asked.length}, because each one takes a request.`,
              'search',
            ),
            value: { kind: 'note', everywhere: true } as const,
          },
        ]
      : []),
  ];
}

async function tablesIn(
  services: CommandServices,
  { entry, place }: EnvironmentPlace,
  search: string,
  signal: AbortSignal,
): Promise<Choice<Found>[]> {
  const client = await services.connections.client(entry.connectionId);
  const request = { offset: 0, limit: tablesShown, search };
  const { items, total, unreadable } = await client.listTables(environmentRef(entry), request, signal);
  const detail = `${place} › ${entry.basic.name}`;
  const rows = items.map((table): Choice<Found> => ({
    label: table.name,
    description: formatAndSource(table),
    detail,
    iconPath: new vscode.ThemeIcon('table'),
    alwaysShow: true,
    value: { kind: 'table', entry, table },
  }));
  const more = total - items.length - unreadable;
  if (more > 0) {
    rows.push(
      note(
        `${more} more matching ${more === 1 ? 'table' : 'tables'}`,
        `${detail}. Type more of the name.`,
        'info',
      ),
    );
  }
  return rows;
}

function note(text: string, detail: string, icon: string): Choice<Found> {
  return {
    // The label starts without letters: VS Code sorts matches to the top, and these rows belong at the end.
    label: '…',
    description: text,
    detail,
    iconPath: new vscode.ThemeIcon(icon),
    alwaysShow: true,
    value: { kind: 'note', everywhere: false },
  };
}
