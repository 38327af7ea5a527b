import type { Generation } from '../settings/catalogue';

const maxUrlLength = 500;
const wildcard = /[*?{}[\]]/;
/** Hosts that name the bucket in the path instead of in the host. */
const pathStyleHost = /^(?:s3[.-][a-z0-9.-]*amazonaws\.com|s3\.amazonaws\.com|storage\.googleapis\.com)$/;
/** Internal names and IPv4 addresses. PostHog doesn't block 100.64.0.0/10 (API facts 9.2). */
const internalHost =
  /^(?:localhost|.*\.(?:localhost|local|internal)|(?:0|10|127)\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+)$/;
/** IPv6 loopback, private and link-local addresses, and those that map to IPv4: mapped and 6to4. */
const internalAddress =
  /^\[(?:::1?|f[cd][0-9a-f:.]*|fe[89ab][0-9a-f:.]*|::ffff:[0-9a-f:.]+|2002:[0-9a-f:.]*)\]$/;

/**
 * Why the URL of a table's files is certain to be rejected, or undefined if only the server can tell (API facts 2.1,
 * 2.2). Older servers have hardly any rules.
 */
export function storageUrlProblem(text: string, generation: Generation): string | undefined {
  const url = text.trim();
  if (url === '') {
    return 'Enter the URL of the files, such as https://bucket.s3.amazonaws.com/orders/*.parquet.';
  }
  const length = Array.from(url).length;
  if (length > maxUrlLength) {
    return `A URL can have up to ${maxUrlLength} characters, not ${length}.`;
  }
  const [, scheme, authority = '', path = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(.*)$/i.exec(url) ?? [];
  if (scheme === undefined) {
    return 'Enter the full URL, starting with https:// and the host of the bucket.';
  }
  const wanted = generation === 'current' ? ['https'] : ['https', 'http'];
  if (!wanted.includes(scheme.toLowerCase())) {
    return /^(?:s3a?|gs)$/i.test(scheme)
      ? `PostHog doesn't support ${scheme}:// URLs. Use https:// and the host of the bucket, such as https://bucket.s3.amazonaws.com/orders.csv.`
      : 'The URL must start with https://.';
  }
  const host = authority.replace(/^.*@/, '').replace(/:\d+$/, '').toLowerCase();
  if (host === '') {
    return 'Enter a host after https://.';
  }
  return generation === 'current' ? hostProblem(host, path) : undefined;
}

function hostProblem(host: string, path: string): string | undefined {
  const isAddress = host.startsWith('[');
  const bucket = pathStyleHost.test(host) ? (path.split('/')[1] ?? '') : '';
  if ((!isAddress && wildcard.test(host)) || wildcard.test(bucket)) {
    return "The host and bucket can't contain wildcards. Use wildcards in the file path.";
  }
  if ((!isAddress && host.includes('%')) || bucket.includes('%')) {
    return "The host and bucket can't be percent-encoded.";
  }
  if (internalHost.test(host) || internalAddress.test(host)) {
    return `PostHog doesn't read from internal addresses such as ${host}.`;
  }
  return isAddress || /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(host)
    ? undefined
    : `"${host}" isn't a valid host name.`;
}
