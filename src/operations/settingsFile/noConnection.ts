import { PostHogError } from '../../posthog/errors';
import { sandboxHost } from './fileNames';

/** For an environment whose host has no connection, and therefore no key. */
export const noConnectionTo = (host: string): PostHogError =>
  new PostHogError({
    kind: 'unauthorized',
    what:
      host === sandboxHost ? 'There is no connection to the sandbox.' : `There is no connection to ${host}.`,
    why: '',
    remedy:
      host === sandboxHost
        ? 'Use Try with the Sandbox to add it.'
        : 'Use Add Connection to enter a personal API key for this host.',
  });
