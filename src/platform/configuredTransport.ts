import { readFile } from 'node:fs/promises';
import { PostHogError } from '../posthog/errors';
import type { ProxySettings } from './proxies';
import { createUndiciTransport } from './undiciTransport';

/** The network settings that VS Code's fetch doesn't support. */
export interface ConfiguredTransportOptions extends ProxySettings {
  /** Paths of PEM files; empty for none. */
  files: { ca: string; cert: string; key: string };
  strict: boolean;
  proxyAuthorization: string;
}

export type ConfiguredTransport = ReturnType<typeof createUndiciTransport>;

/**
 * A transport with the certificates in the settings.
 *
 * @throws PostHogError `file-unreadable` if a file can't be read, `certificate` if it is wrong
 */
export async function configuredTransport({
  files,
  strict,
  ...proxies
}: ConfiguredTransportOptions): Promise<ConfiguredTransport> {
  const [ca, cert, key] = await Promise.all([read(files.ca), read(files.cert), read(files.key)]);
  return createUndiciTransport({
    rejectUnauthorized: strict,
    ...proxies,
    ...(ca !== undefined && { ca: [ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });
}

async function read(file: string): Promise<string | undefined> {
  if (file === '') {
    return undefined;
  }
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new PostHogError({
      kind: 'file-unreadable',
      what: `Couldn't read the certificate file ${file}.`,
      why: error instanceof Error && 'code' in error ? `The system reports ${String(error.code)}.` : '',
      remedy: 'Correct the path in the settings under "PostHog Environments: Network".',
    });
  }
}
