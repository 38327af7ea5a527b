import { isPostHogError, restate } from './errors';
import type { ApiCall, Requester } from './request';

/**
 * Changes column types, or makes the server read the columns again (API facts 2.5, 2.6).
 *
 * @param learn told whether the server takes API keys for this, once it is known.
 */
export async function runSchemaAction(
  http: Requester,
  call: ApiCall,
  learn: (takesKeys: boolean) => void,
): Promise<void> {
  try {
    await http.send(call);
  } catch (error) {
    if (!isPostHogError(error) || error.kind !== 'keys-not-supported') {
      throw error;
    }
    learn(false);
    throw restate(error, {
      what: call.path.endsWith('/update_schema/')
        ? 'This server does not let an API key change column types.'
        : 'This server does not let an API key read the columns of a table again.',
      why: 'It keeps this for people who are signed in to its web interface.',
      remedy:
        'Do it there, or update the server: newer versions of PostHog allow it. Then refresh the connection.',
    });
  }
  learn(true);
}
