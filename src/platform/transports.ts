import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { PostHogError } from '../posthog/errors';
import { fetchTransport, type HttpRequest, type Transport } from '../posthog/http';
import type { ProxySettings } from './proxies';
import type * as undiciTransport from './undiciTransport';

type UndiciTransport = ReturnType<typeof undiciTransport.createUndiciTransport>;

/**
 * Chooses the transport: VS Code's own fetch, which knows proxies and system certificates, or the undici bundle for
 * the three things that fetch cannot do here: an own CA file, a client certificate, `http.proxyStrictSSL: false`.
 */
export class Transports implements vscode.Disposable {
  private current: { options: string; transport: Promise<UndiciTransport> } | undefined;
  /** VS Code's fetch with the words for the proxy that the settings put before it. */
  private readonly ordinary: Transport = Object.assign((request: HttpRequest) => fetchTransport(request), {
    proxyOf: async (url: string) => {
      const { proxyUse } = await import('./proxies');
      return proxyUse(url, proxySettings());
    },
  });

  /** @throws PostHogError `file-unreadable` when a configured file cannot be read, `certificate` for a wrong one. */
  async transport(): Promise<Transport> {
    const network = vscode.workspace.getConfiguration('posthogEnvironments.network');
    const http = vscode.workspace.getConfiguration('http');
    const files = {
      ca: network.get<string>('caFile', ''),
      cert: network.get<string>('clientCertificateFile', ''),
      key: network.get<string>('clientKeyFile', ''),
    };
    const strict = http.get<boolean>('proxyStrictSSL', true);
    if (strict && Object.values(files).every((file) => file === '')) {
      this.close();
      return this.ordinary;
    }
    const proxies = proxySettings();
    const proxyAuthorization = http.get<string | null>('proxyAuthorization', null) ?? '';
    const options = JSON.stringify({ files, strict, proxies, proxyAuthorization });
    if (this.current?.options !== options) {
      this.close();
      this.current = { options, transport: this.load(files, strict, { ...proxies, proxyAuthorization }) };
    }
    try {
      return await this.current.transport;
    } catch (error) {
      this.current = undefined;
      throw error;
    }
  }

  dispose(): void {
    this.close();
  }

  private async load(
    files: { ca: string; cert: string; key: string },
    strict: boolean,
    proxies: ProxySettings & { proxyAuthorization: string },
  ): Promise<UndiciTransport> {
    const [ca, cert, key] = await Promise.all([read(files.ca), read(files.cert), read(files.key)]);
    const { createUndiciTransport } = await import('./undiciTransport');
    return createUndiciTransport({
      rejectUnauthorized: strict,
      ...proxies,
      ...(ca !== undefined && { ca: [ca] }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    });
  }

  private close(): void {
    const closing = this.current;
    this.current = undefined;
    // A transport that never loaded has nothing to close.
    closing?.transport.then(
      (transport) => void transport.close(),
      () => undefined,
    );
  }
}

function proxySettings(): ProxySettings {
  const http = vscode.workspace.getConfiguration('http');
  return {
    proxy: http.get<string>('proxy', ''),
    noProxy: http.get<readonly string[]>('noProxy', []),
    useProxy: http.get<string>('proxySupport', 'override') !== 'off',
  };
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
