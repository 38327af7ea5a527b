import type { Generation } from '../settings/catalogue';

const maxUrlLength = 500;
const wildcard = /[*?{}[\]]/;
/** Hosts that name the bucket in the path instead of in the host. */
const pathStyleHost = /^(?:s3[.-][a-z0-9.-]*amazonaws\.com|s3\.amazonaws\.com|storage\.googleapis\.com)$/;
/** Names and IPv4 addresses inside a network; 100.64.0.0/10 is not among what PostHog blocks (API facts 9.2). */
const internalHost =
  /^(?:localhost|.*\.(?:localhost|local|internal)|(?:0|10|127)\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+)$/;
/** IPv6 loopback, private and link-local addresses, and those that stand for IPv4 ones: mapped and 6to4. */
const internalAddress =
  /^\[(?:::1?|f[cd][0-9a-f:.]*|fe[89ab][0-9a-f:.]*|::ffff:[0-9a-f:.]+|2002:[0-9a-f:.]*)\]$/;

/**
 * What is certain to be refused in the address of a table's files, or undefined when only the server can tell
 * (API facts 2.1, 2.2). Older servers have hardly any rule.
 */
export function storageUrlProblem(text: string, generation: Generation): string | undefined {
  const url = text.trim();
  if (url === '') {
    return 'Enter the address of the files, for example https://bucket.s3.amazonaws.com/orders/*.parquet';
  }
  const length = Array.from(url).length;
  if (length > maxUrlLength) {
    return `The address can have at most ${maxUrlLength} characters; this has ${length}.`;
  }
  const [, scheme, authority = '', path = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/i.exec(url) ?? [];
  if (scheme === undefined) {
    return 'Write the whole address, beginning with https:// and the host of the bucket.';
  }
  const wanted = generation === 'current' ? ['https'] : ['https', 'http'];
  if (!wanted.includes(scheme.toLowerCase())) {
    return /^(?:s3a?|gs)$/i.test(scheme)
      ? `PostHog takes no ${scheme}:// addresses. Write https:// and the host of the bucket, for example https://bucket.s3.amazonaws.com/…`
      : 'The address must start with https://.';
  }
  const host = authority.replace(/^.*@/, '').replace(/:\d+$/, '').toLowerCase();
  if (host === '') {
    return 'The host is missing after https://.';
  }
  return generation === 'current' ? hostProblem(host, path) : undefined;
}

function hostProblem(host: string, path: string): string | undefined {
  const isAddress = host.startsWith('[');
  const bucket = pathStyleHost.test(host) ? (path.split('/')[1] ?? '') : '';
  if ((!isAddress && wildcard.test(host)) || wildcard.test(bucket)) {
    return 'The host and bucket must be exact. Put wildcards into the file path.';
  }
  if ((!isAddress && host.includes('%')) || bucket.includes('%')) {
    return 'The host and bucket cannot be percent-encoded. Write them as they are called.';
  }
  if (internalHost.test(host) || internalAddress.test(host)) {
    return `PostHog does not read from addresses inside a network, such as ${host}.`;
  }
  return isAddress || /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(host)
    ? undefined
    : `${host} is not a host name.`;
}
