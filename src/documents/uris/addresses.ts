import * as vscode from 'vscode';
import { segment } from '../../json/segment';
import { scheme } from './scheme';

/** The names in an address, outermost first. */
export interface PlaceNames {
  /** The connection's host, such as `us.posthog.com` or `localhost:8010`. */
  readonly host: string;
  readonly connection: string;
  /** Absent if not known yet. */
  readonly organization?: string | undefined;
  /** For a table: its environment. */
  readonly environment?: string | undefined;
}

/**
 * A readable address: tab, breadcrumb, and title show the path, `/<connection>/<organization>/…`. They don't show the
 * query, which has the identifying parts.
 *
 * @param fileName with its extension
 */
export function namedAddress(names: PlaceNames, fileName: string, ids: readonly string[]): vscode.Uri {
  const folders = [names.connection, names.organization, names.environment].filter(
    (name): name is string => name !== undefined,
  );
  return vscode.Uri.from({
    scheme,
    authority: names.host,
    path: `/${[...folders.map(segment), fileName].join('/')}`,
    query: ids.map((id) => encodeURIComponent(shortId(id))).join('/'),
  });
}

/** The identifying parts of an address from {@link namedAddress}; `undefined` for any other. */
export function idsOf({ query }: vscode.Uri): readonly string[] | undefined {
  if (query === '' || query.includes('=')) {
    return undefined;
  }
  try {
    return query.split('/').map((id) => longId(decodeURIComponent(id)));
  } catch (error) {
    if (error instanceof URIError) {
      return undefined;
    }
    throw error;
  }
}

/** The names in an address from {@link namedAddress}; `undefined` for any other. */
export function namesOf(uri: vscode.Uri, hasEnvironment = false): PlaceNames | undefined {
  if (!idsOf(uri)) {
    return undefined;
  }
  const [connection = '', ...inner] = uri.path.split('/').slice(1, -1);
  const environment = hasEnvironment ? inner.pop() : undefined;
  return { host: uri.authority, connection, organization: inner[0], environment };
}

/** The name of a host, for an address. */
export function hostOf(origin: string): string {
  return origin.replace(/^\w+:\/\//, '').toLowerCase() || 'sandbox';
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const shortLength = 25;
const base = 36;

/** A UUID in base 36 instead of 16; other IDs stay as they are. */
function shortId(id: string): string {
  return uuid.test(id)
    ? BigInt(`0x${id.replaceAll('-', '')}`)
        .toString(base)
        .padStart(shortLength, '0')
    : id;
}

/** The inverse of {@link shortId}. */
function longId(id: string): string {
  if (id.length !== shortLength || !/^[\da-z]+$/.test(id)) {
    return id;
  }
  let value = 0n;
  for (const digit of id) {
    value = value * BigInt(base) + BigInt(Number.parseInt(digit, base));
  }
  const hex = value.toString(16).padStart(32, '0');
  return hex.length === 32 ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : id;
}
