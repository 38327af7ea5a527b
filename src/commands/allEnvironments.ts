import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import { Canceled, failureText, isCanceled } from '../connections/failures';
import type { EnvironmentEntry } from '../directory/entries';
import { environmentsOf, placeOf } from '../directory/lookup';
import { withLateCancel } from '../ui/lateProgress';
import type { EnvironmentAt } from '../operations/services';
import type { Choice } from '../ui/prompts';
import type { CommandServices } from './command';
import { environmentOfEntry, picked, type EnvironmentTarget } from './targets';

/** An environment and its location, as its row shows them. */
export interface EnvironmentPlace {
  readonly entry: EnvironmentEntry;
  readonly connection: Connection;
  /** Connection and organization. */
  readonly place: string;
}

/** Why environments are missing from a list. */
interface Gap {
  readonly what: string;
  readonly why: string;
  readonly isFailure: boolean;
}

/** The environments of all connections, in the order of connections, and what couldn't be listed. */
export async function allEnvironments(
  services: Pick<CommandServices, 'connections' | 'directory' | 'log'>,
): Promise<{ places: readonly EnvironmentPlace[]; gaps: readonly Gap[] }> {
  const places: EnvironmentPlace[] = [];
  const gaps: Gap[] = [];
  const connections = services.connections.list();
  await Promise.all(
    connections.map(async (connection) => {
      try {
        const list = { isCut: false };
        const onCut = (): void => void (list.isCut = true);
        for (const entry of await environmentsOf(services.directory, connection.id, { onCut })) {
          const place = [connection.label, placeOf(entry)].filter(Boolean).join(' › ');
          places.push({ entry, connection, place });
        }
        if (list.isCut) {
          gaps.push({
            what: `The list of ${connection.label} is incomplete`,
            why: "The server's list doesn't end.",
            isFailure: false,
          });
        }
      } catch (error) {
        if (!isCanceled(error)) {
          const why = failureText(error, services.log);
          gaps.push({ what: `Couldn't list ${connection.label}`, why, isFailure: true });
        }
      }
    }),
  );
  const order = connections.map(({ id }) => id);
  places.sort((left, right) => order.indexOf(left.connection.id) - order.indexOf(right.connection.id));
  return { places, gaps };
}

/** How to ask for environments. */
interface EnvironmentPick {
  readonly title: string;
  readonly placeHolder: string;
  /** What can't be chosen. */
  readonly without?: readonly EnvironmentAt[];
  /** How many there must be to choose from. Default 1. */
  readonly least?: number;
}

/** Rows for a pick of environments. */
async function environmentChoices(
  services: CommandServices,
  { without = [], least = 1 }: EnvironmentPick,
): Promise<{ choices: readonly Choice<EnvironmentTarget>[]; note: string }> {
  const { places, gaps } = await withLateCancel('Reading environments', () => allEnvironments(services));
  const choices = places
    .filter(
      ({ entry }) =>
        !without.some(
          ({ connectionId, environment }) =>
            connectionId === entry.connectionId && environment.id === entry.environmentId,
        ),
    )
    .map(({ entry, connection, place }): Choice<EnvironmentTarget> => ({
      label: entry.basic.name,
      description: [
        String(entry.basic.id),
        services.marks.isProtected(connection, entry.environmentId, entry.basic.name) ? 'protected' : '',
      ]
        .filter(Boolean)
        .join(' · '),
      detail: place,
      iconPath: new vscode.ThemeIcon('layers'),
      value: environmentOfEntry(entry),
    }));
  if (choices.length < least) {
    const [gap] = gaps;
    await services.prompts.notify(
      gap ? 'error' : 'information',
      gap
        ? `${gap.what}. ${gap.why}`
        : `There is no ${without.length + choices.length > 0 ? 'other ' : ''}environment to choose.`,
    );
    throw new Canceled();
  }
  return { choices, note: gaps.map(({ what }) => ` (${what})`).join('') };
}

/** The only choice, if the list is complete: asking for it would be a needless step. */
function onlyChoice<T>({ choices, note }: { choices: readonly Choice<T>[]; note: string }): T | undefined {
  return choices.length === 1 && note === '' ? choices[0]?.value : undefined;
}

/** Asks for an environment of any connection, unless there is only one. @throws Canceled */
export async function pickEnvironment(
  services: CommandServices,
  options: EnvironmentPick,
): Promise<EnvironmentTarget> {
  const found = await environmentChoices(services, options);
  const only = onlyChoice(found);
  if (only) {
    return only;
  }
  const { choices, note } = found;
  const { title, placeHolder } = options;
  return picked(await services.prompts.pick(choices, { title, placeHolder: placeHolder + note }));
}

/** Like {@link pickEnvironment}, with a last row to choose several. @throws Canceled */
export async function pickTargets(
  services: CommandServices,
  options: EnvironmentPick,
): Promise<readonly EnvironmentAt[]> {
  const { choices, note } = await environmentChoices(services, options);
  const several: Choice<EnvironmentTarget | 'several'> = {
    label: 'Several Environments…',
    iconPath: new vscode.ThemeIcon('checklist'),
    value: 'several',
  };
  const { title, placeHolder } = options;
  const chosen = picked(
    await services.prompts.pick<EnvironmentTarget | 'several'>(
      choices.length > 1 ? [...choices, several] : choices,
      { title, placeHolder: placeHolder + note },
    ),
  );
  return chosen === 'several'
    ? some(await services.prompts.pickMany(choices, { title, placeHolder: 'Choose environments' }))
    : [chosen];
}

/** Asks for environments of any connections, unless there is only one. @throws Canceled also if none is chosen */
export async function pickEnvironments(
  services: CommandServices,
  options: EnvironmentPick,
): Promise<readonly EnvironmentTarget[]> {
  const found = await environmentChoices(services, options);
  const only = onlyChoice(found);
  if (only) {
    return [only];
  }
  const { choices, note } = found;
  const { title, placeHolder } = options;
  return some(await services.prompts.pickMany(choices, { title, placeHolder: placeHolder + note }));
}

function some<T>(chosen: readonly T[] | undefined): readonly T[] {
  if (picked(chosen).length === 0) {
    throw new Canceled();
  }
  return picked(chosen);
}
