import { parseOrigin } from '../posthog/origin';
import { localSandboxId } from '../connections/connection';
import type { Connections } from '../connections/connections';

/**
 * Connects the sandbox that `npm start` runs next to the workbench. Only a loopback address is accepted: an environment
 * variable must not be able to send anything elsewhere.
 *
 * @param environment `POSTHOG_ENVIRONMENTS_SANDBOX_URL` and `POSTHOG_ENVIRONMENTS_SANDBOX_KEY`
 */
export async function adoptLocalSandbox(
  connections: Connections,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { POSTHOG_ENVIRONMENTS_SANDBOX_URL: url, POSTHOG_ENVIRONMENTS_SANDBOX_KEY: key } = environment;
  if (!url || !key) {
    return;
  }
  const parsed = parseOrigin(url);
  if (!parsed.ok || !parsed.loopback) {
    return;
  }
  const id = localSandboxId;
  // Even if it is already known: a browser's secret storage may not survive a reload.
  await connections.add(
    { ...connections.get(id), id, label: 'Sandbox', kind: 'server', origin: parsed.origin },
    key,
  );
}
