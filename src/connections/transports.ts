import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { PostHogError } from '../posthog/errors';
import { fetchTransport, type Transport } from '../posthog/http';
import type * as undiciTransport from './undiciTransport';

type UndiciTransport = ReturnType<typeof undiciTransport.createUndiciTransport>;

/**
 * Chooses the transport: VS Code's own fetch, which knows proxies and system certificates, or the undici bundle for
 * the three things that fetch cannot do here: an own CA file, a client certificate, `http.proxyStrictSSL: false`.
 */
export class Transports implements vscode.Disposable {
  private current: { options: string; transport: Promise<UndiciTransport> } | undefined;

  /** @throws PostHogError `bad-address` when a configured file cannot be read. */
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
      return fetchTransport;
    }
    const proxy = http.get<string>('proxy', '');
    const noProxy = http.get<readonly string[]>('noProxy', []);
    const options = JSON.stringify({ files, strict, proxy, noProxy });
    if (this.current?.options !== options) {
      this.close();
      this.current = { options, transport: this.load(files, strict, { proxy, noProxy }) };
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
    { proxy, noProxy }: { proxy: string; noProxy: readonly string[] },
  ): Promise<UndiciTransport> {
    const [ca, cert, key] = await Promise.all([read(files.ca), read(files.cert), read(files.key)]);
    const { createUndiciTransport } = await import('./undiciTransport');
    return createUndiciTransport({
      rejectUnauthorized: strict,
      proxy,
      noProxy,
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
