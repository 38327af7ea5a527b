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
