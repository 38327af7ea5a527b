import { isPostHogError, PostHogError, restate } from './errors';
import type { SchemaAction } from './models';
import type { ApiCall, Requester } from './request';

/**
 * Changes column types, or makes the server read the columns again (API facts 2.5, 2.6).
 *
 * @param learn told whether the server takes API keys for this, once it is known.
 */
export async function runSchemaAction(
  http: Requester,
  action: SchemaAction,
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
    const { what, remedy } = sentences[action];
    throw restate(error, {
      what: `PostHog lets no API key ${what}.`,
      why: 'It keeps this for people who are signed in to its web interface.',
      remedy,
    });
  }
  learn(true);
}

/**
 * What is said before anything is sent, where a server is known to refuse an action to every key.
 *
 * @param connection how the person calls the connection
 */
export function refusedBefore(action: SchemaAction, connection: string): PostHogError {
  const { what, remedy } = sentences[action];
  return new PostHogError({
    kind: 'keys-not-supported',
    what: `The PostHog of "${connection}" lets no API key ${what}; it said so before.`,
    why: 'It keeps this for people who are signed in to its web interface. Nothing was sent.',
    remedy,
  });
}

/** Today's PostHog lets keys read the columns again, and no version known lets them change types (API facts 9.2). */
const sentences: Readonly<Record<SchemaAction, { what: string; remedy: string }>> = {
  update_schema: { what: 'change column types', remedy: 'Change the type in PostHog.' },
  refresh_schema: {
    what: 'read the columns of a table again',
    remedy:
      'Do it in PostHog, or update the server: newer versions take a key with the scope warehouse_table:write. Then refresh the connection.',
  },
};
