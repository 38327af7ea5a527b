import { readFile } from 'node:fs/promises';
import { PostHogError } from '../posthog/errors';
import type { ProxySettings } from './proxies';
import { createUndiciTransport } from './undiciTransport';

/** What the settings ask of the network that VS Code's fetch cannot do. */
export interface ConfiguredTransportOptions extends ProxySettings {
  /** Paths of PEM files; empty: none. */
  files: { ca: string; cert: string; key: string };
  strict: boolean;
  proxyAuthorization: string;
}

export type ConfiguredTransport = ReturnType<typeof createUndiciTransport>;

/**
 * A transport with the certificates that the settings name.
 *
 * @throws PostHogError `file-unreadable` when one of the files cannot be read, `certificate` for a wrong one.
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
      what: `The certificate file ${file} could not be read.`,
      why: error instanceof Error && 'code' in error ? `The system says ${String(error.code)}.` : '',
      remedy: 'Correct the path in the settings under "PostHog Environments: Network".',
    });
  }
}
