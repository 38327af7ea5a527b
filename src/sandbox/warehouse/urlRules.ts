import { BlockList, isIP } from 'node:net';
import { invalid } from '../errors';
import type { Generation } from '../types';

/** Where the sandbox stores uploads; like PostHog's own bucket, it can't be linked. */
export const OBJECT_STORAGE_HOST = 'objects.example.com';

const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  INTERNAL.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  INTERNAL.addSubnet(network, prefix, 'ipv6');
}

const BLOCKED_NAMES = /^(?:localhost|metadata\.google\.internal|metadata)$|\.(?:localhost|local|internal)$/;
const WILDCARD = /[*?{}[\]]/;
const PATH_STYLE_HOST = /^(?:s3[.-][a-z0-9.-]*amazonaws\.com|s3\.amazonaws\.com|storage\.googleapis\.com)$/;

/**
 * The default name resolution, without a network. Names without a dot and names under `.invalid` don't resolve;
 * anything else resolves to one public-looking documentation address.
 */
export async function resolveWithoutNetwork(name: string): Promise<string[]> {
  return !name.includes('.') || name.endsWith('.invalid') ? [] : ['203.0.113.10'];
}

/**
 * The rules for a URL pattern (API facts 2.2, 2.3). Seed-era servers only reject PostHog's own bucket.
 *
 * @throws 400 with attr `url_pattern`
 */
export async function checkUrlPattern(
  pattern: string,
  generation: Generation,
  resolveHost: (name: string) => Promise<string[]>,
): Promise<void> {
  const [, scheme, authority = '', path = ''] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(pattern) ?? [];
  const host = authority.replace(/^.*@/, '').replace(/:\d+$/, '').toLowerCase();
  if (generation === 'documented') {
    if (host === OBJECT_STORAGE_HOST) {
      throw invalid('Cant use this bucket', 'url_pattern');
    }
    return;
  }
  if (scheme?.toLowerCase() !== 'https') {
    throw refused('URL pattern must use https.');
  }
  const bucket = PATH_STYLE_HOST.test(host) ? (path.split('/')[1] ?? '') : '';
  const isBracketed = /^\[[0-9a-f:.]+(?:%[a-z0-9]+)?\]$/.test(host);
  if ((WILDCARD.test(host) && !isBracketed) || WILDCARD.test(bucket)) {
    throw refused('The bucket name in a URL pattern must be exact. Wildcards belong in the file path.');
  }
  if ((host.includes('%') && !isBracketed) || bucket.includes('%')) {
    throw refused('The bucket name in a URL pattern must not be percent-encoded.');
  }
  await checkHost(host, resolveHost);
}

async function checkHost(host: string, resolveHost: (name: string) => Promise<string[]>): Promise<void> {
  const address = numericAddress(host) ?? host.replace(/^\[([^%]*)(?:%.*)?\]$/, '$1');
  const valid = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(host) || isIP(address) !== 0;
  if (!valid) {
    throw refused('URL pattern must include a valid hostname.');
  }
  if (host === OBJECT_STORAGE_HOST) {
    throw refused(
      "This URL points to PostHog's internal storage and can't be used as a source. Enter the location of your own bucket instead.",
    );
  }
  if (BLOCKED_NAMES.test(host)) {
    throw refused('URL pattern hostname is not allowed.');
  }
  const addresses = isIP(address) ? [address] : await resolveHost(host);
  if (addresses.length === 0) {
    throw refused('URL pattern hostname could not be resolved.');
  }
  if (addresses.some(isInternal)) {
    throw refused('URL pattern hostname must not resolve to internal IP ranges.');
  }
}

/** An IPv4 address in an old notation that name resolution also accepts: `0x7f.1`, `2130706433`. */
function numericAddress(host: string): string | undefined {
  if (!/^(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}$/.test(host) || !URL.canParse(`https://${host}`)) {
    return undefined;
  }
  return new URL(`https://${host}`).hostname;
}

function isInternal(address: string): boolean {
  const plain = embeddedAddress(address) ?? address;
  return INTERNAL.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** The IPv4 address inside a mapped (`::ffff:10.0.0.1`) or 6to4 (`2002:0a00:0001::`) one (API facts 9.2). */
function embeddedAddress(address: string): string | undefined {
  if (isIP(address) !== 6) {
    return undefined;
  }
  const { hostname } = new URL(`https://[${address}]`);
  const [, high, low] =
    /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname) ??
    /^\[2002:([0-9a-f]{0,4}):([0-9a-f]{0,4})(?::.*)?\]$/.exec(hostname) ??
    [];
  if (high === undefined || low === undefined) {
    return undefined;
  }
  const value = (parseInt(high || '0', 16) << 16) | parseInt(low || '0', 16);
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

function refused(detail: string): Error {
  return invalid(detail, 'url_pattern');
}
