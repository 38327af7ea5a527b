import * as vscode from 'vscode';
import { fetchTransport, type HttpRequest, type Transport } from '../posthog/http';
import type { ConfiguredTransport, ConfiguredTransportOptions } from './configuredTransport';
import type { ProxySettings } from './proxies';

/**
 * Chooses the transport: VS Code's fetch, which supports proxies and system certificates, or the undici bundle for the
 * three things that fetch doesn't support: a custom CA file, a client certificate, and `http.proxyStrictSSL: false`.
 */
export class Transports implements vscode.Disposable {
  private current: { options: string; transport: Promise<ConfiguredTransport> } | undefined;
  /** Read once until they change: reading them takes longer than anything else before a request. */
  private settings: NetworkSettings | undefined;
  private readonly subscription = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('http') || event.affectsConfiguration('posthogEnvironments.network')) {
      this.settings = undefined;
    }
  });
  /** VS Code's fetch, with a description of the proxy in the settings. */
  private readonly ordinary: Transport = Object.assign((request: HttpRequest) => fetchTransport(request), {
    proxyOf: async (url: string) => {
      const { proxyUse } = await import('./proxies');
      return proxyUse(url, proxySettings());
    },
  });

  /** @throws PostHogError `file-unreadable` if a configured file can't be read, `certificate` if it is wrong */
  async transport(): Promise<Transport> {
    const { files, strict, proxyAuthorization, ...proxies } = (this.settings ??= networkSettings());
    if (strict && Object.values(files).every((file) => file === '')) {
      this.close();
      return this.ordinary;
    }
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
    this.subscription.dispose();
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

/** What decides which transport is used, and how. */
interface NetworkSettings extends ProxySettings {
  /** The paths of PEM files; empty if not set. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly strict: boolean;
  readonly proxyAuthorization: string;
}

function networkSettings(): NetworkSettings {
  const network = vscode.workspace.getConfiguration('posthogEnvironments.network');
  const http = vscode.workspace.getConfiguration('http');
  return {
    files: {
      ca: network.get<string>('caFile', ''),
      cert: network.get<string>('clientCertificateFile', ''),
      key: network.get<string>('clientKeyFile', ''),
    },
    strict: http.get<boolean>('proxyStrictSSL', true),
    proxyAuthorization: http.get<string | null>('proxyAuthorization', null) ?? '',
    ...proxySettings(http),
  };
}

function proxySettings(http = vscode.workspace.getConfiguration('http')): ProxySettings {
  return {
    proxy: http.get<string>('proxy', ''),
    noProxy: http.get<readonly string[]>('noProxy', []),
    useProxy: http.get<string>('proxySupport', 'override') !== 'off',
  };
}
