import {
  aroundText,
  distinctPlace,
  organizationNameOf,
  whereText as whereTextOf,
} from '../directory/organizationName';
import type * as vscode from 'vscode';
import { connectionLabel } from '../connections/connectionLabel';
import { documentText } from '../documents/uris/documentText';
import { lastName, placeNames, type NamedPlace } from '../documents/uris/placeNames';
import { namesText } from '../json/namesText';
import { asText } from '../json/visibleText';
import { shortName } from '../operations/review/review';
import type { CommandServices } from './command';

type Services = Pick<CommandServices, 'connections' | 'directory' | 'marks'>;

/** The name of the organization, for a place that a tab keeps: after a reload, the directory has yet to list it. */
export function organizationIn(
  { directory }: Pick<Services, 'directory'>,
  at: NamedPlace,
): { readonly organization?: string } {
  const organization = organizationNameOf(directory, at);
  return organization === undefined ? {} : { organization };
}

/** The location of something, for prompts and progress: `Staging · Hedgehog Outfitters · Work`. */
export const whereText = (services: Services, at: NamedPlace, name = lastName(services, at)): string =>
  whereTextOf(services, at, name);

/** Like {@link whereText}, for outcomes: with the organization and the connection only if there are several. */
export const shortPlace = (services: Services, at: NamedPlace, name: string): string =>
  distinctPlace(services, at, name);

/** The organization and the connection of something, for the title of a tab: `Hedgehog Outfitters · Work`. */
export const around = (
  { connections, directory }: Pick<Services, 'connections' | 'directory'>,
  at: NamedPlace,
): string => aroundText({ connections, directory }, at);

/** Like {@link whereText}, for several tables: each environment once. */
export const wheresText = (services: Services, tables: readonly { readonly target: NamedPlace }[]): string =>
  namesText([...new Set(tables.map(({ target }) => whereText(services, target)))]);

/**
 * A button that writes, with the name of the environment, or how many there are: `Delete from Staging`.
 *
 * @param verb with its preposition
 */
export function buttonFor(services: Services, verb: string, places: readonly NamedPlace[]): string {
  const names = new Map(
    places.map((at) => [`${at.connectionId}/${at.environment.id}`, placeNames(services, at).environment]),
  );
  const [only = ''] = names.values();
  return asText(`${verb} ${names.size === 1 ? shortName(only) : `${names.size} Environments`}`);
}

/** The title of a prompt about a document: `Use Mine: Production · Hedgehog Outfitters · Work`. */
export const placeTitle = (services: Services & { readonly purpose: string }, uri: vscode.Uri): string =>
  `${services.purpose}: ${documentText(uri, services)}`;

/** The title of a prompt that asks for a place, with what is known of it: `Create Environment: Hedgehog Outfitters · Work`. */
export function purposeIn(
  { connections, purpose }: Pick<Services, 'connections'> & { readonly purpose: string },
  connectionId: string,
  ...names: readonly string[]
): string {
  return `${purpose}: ${[...names, connectionLabel(connections, connectionId)].join(' · ')}`;
}
