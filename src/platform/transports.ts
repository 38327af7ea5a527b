import * as vscode from 'vscode';
import { fetchTransport, type HttpRequest, type Transport } from '../posthog/http';
import type { ConfiguredTransport, ConfiguredTransportOptions } from './configuredTransport';
import type { ProxySettings } from './proxies';

/**
 * Chooses the transport: VS Code's own fetch, which knows proxies and system certificates, or the undici bundle for
 * the three things that fetch cannot do here: an own CA file, a client certificate, `http.proxyStrictSSL: false`.
 */
export class Transports implements vscode.Disposable {
  private current: { options: string; transport: Promise<ConfiguredTransport> } | undefined;
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
      this.current = { options, transport: this.load({ files, strict, ...proxies, proxyAuthorization }) };
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

  private async load(options: ConfiguredTransportOptions): Promise<ConfiguredTransport> {
    return (await import('./configuredTransport')).configuredTransport(options);
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
