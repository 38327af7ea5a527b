import type { Connection } from '../../connections/connection';
import { parseOrigin } from '../../posthog/origin';
import { sandboxHost } from './fileNames';

/** The host of an environment in a file: an origin, or {@link sandboxHost}; `undefined` if it's neither. */
export function fileHost(host: string): string | undefined {
  if (host === sandboxHost) {
    return host;
  }
  const parsed = parseOrigin(host);
  return parsed.ok ? parsed.origin : undefined;
}

/** Whether a connection is to exactly the host of an environment in a file. */
export const isToHost = ({ kind, origin }: Pick<Connection, 'kind' | 'origin'>, host: string): boolean =>
  host === sandboxHost ? kind === 'sandbox' : origin === host;
