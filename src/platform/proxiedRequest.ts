import { fetchTransport, type HttpRequest, type HttpResponse, type Transport } from '../posthog/http';
import { asksToSignIn, proxyUse, type ProxySettings } from './proxies';

/**
 * Sends a request through the extension's own transport if a proxy is set for its address, and through VS Code's fetch
 * otherwise, or if the proxy asks to sign in.
 *
 * @param signInProxies addresses of proxies that only VS Code may be able to sign in to, with Kerberos or by asking the
 *   user; extended here
 * @param own loads the transport with its own connections
 * @throws PostHogError as the transports do
 */
export async function proxiedRequest(
  request: HttpRequest,
  settings: ProxySettings,
  signInProxies: Set<string>,
  own: () => Promise<Transport>,
): Promise<HttpResponse> {
  const proxy = proxyUse(request.url, settings);
  if (proxy === undefined || signInProxies.has(proxy.address)) {
    return fetchTransport(request);
  }
  const transport = await own();
  try {
    return await transport(request);
  } catch (error) {
    if (!asksToSignIn(error)) {
      throw error;
    }
    signInProxies.add(proxy.address);
    // Nothing was sent, but a stream can be read only once.
    if (request.body instanceof ReadableStream) {
      throw error;
    }
    return fetchTransport(request);
  }
}
