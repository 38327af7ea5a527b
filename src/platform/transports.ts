import * as vscode from 'vscode';
import { fetchTransport, type HttpRequest, type HttpResponse, type Transport } from '../posthog/http';
import type { ConfiguredTransport, ConfiguredTransportOptions } from './configuredTransport';
import type { ProxySettings } from './proxies';

/**
 * Chooses the transport: VS Code's fetch, which supports proxies and system certificates, or the undici bundle for what
 * fetch doesn't do: a custom CA file, a client certificate, `http.proxyStrictSSL: false`, and giving up on a proxy that
 * closes its connections. VS Code's fetch connects to such a proxy thousands of times a second, even after the request
 * was canceled, and nothing that an extension can reach ends that.
 */
export class Transports implements vscode.Disposable {
  private current: { options: string; transport: Promise<ConfiguredTransport> } | undefined;
  /** Read once until they change: reading them takes longer than anything else before a request. */
  private settings: NetworkSettings | undefined;
  private readonly subscription = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('http') || event.affectsConfiguration('posthogEnvironments.network')) {
      this.settings = undefined;
      this.signInProxies.clear();
    }
  });
  /** Addresses of proxies that only VS Code may be able to sign in to, with Kerberos or by asking the user. */
  private readonly signInProxies = new Set<string>();
  /** VS Code's fetch, except through a proxy in the settings or the environment. */
  private readonly ordinary: Transport = Object.assign((request: HttpRequest) => this.send(request), {
    proxyOf: async (url: string) => {
      const { proxyUse } = await import('./proxies');
      return proxyUse(url, (this.settings ??= networkSettings()));
    },
  });

  /** @throws PostHogError `file-unreadable` if a configured file can't be read, `certificate` if it is wrong */
  async transport(): Promise<Transport> {
    const settings = (this.settings ??= networkSettings());
    const { files, strict } = settings;
    if (!strict || Object.values(files).some((file) => file !== '')) {
      return this.own(settings);
    }
    if (!mayUseProxy(settings)) {
      this.close();
    }
    return this.ordinary;
  }

  private async send(request: HttpRequest): Promise<HttpResponse> {
    const settings = (this.settings ??= networkSettings());
    if (!mayUseProxy(settings)) {
      return fetchTransport(request);
    }
    const { proxiedRequest } = await import('./proxiedRequest');
    return proxiedRequest(request, settings, this.signInProxies, () => this.own(settings));
  }

  /** The transport with its own connections. */
  private async own({ files, strict, proxyAuthorization, ...proxies }: NetworkSettings): Promise<Transport> {
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

/** Whether a proxy is set at all, without loading what knows for which addresses. */
const mayUseProxy = ({ proxy, useProxy }: ProxySettings): boolean =>
  useProxy !== false &&
  (proxy !== '' || Object.keys(process.env).some((name) => /^https?_proxy$/i.test(name)));

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
    proxy: http.get<string>('proxy', ''),
    noProxy: http.get<readonly string[]>('noProxy', []),
    useProxy: http.get<string>('proxySupport', 'override') !== 'off',
  };
}
