import { PostHogError } from '../../posthog/errors';
import { sandboxHost } from './fileNames';

/** An environment whose host no connection has: its key is nobody's to send. */
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
