import { isPostHogError, PostHogError, restate } from './errors';
import type { SchemaAction } from './models';
import { nothingSent } from './outcomePhrases';
import { onlySignedIn } from './refusal';
import type { ApiCall, Requester } from './request';

/**
 * Changes column types, or makes the server read the columns again (API facts 2.5, 2.6).
 *
 * @param learn called with whether the server accepts API keys for this, once that is known
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
      what: `PostHog doesn't allow API keys to ${what}.`,
      why: onlySignedIn,
      remedy,
    });
  }
  learn(true);
}

/**
 * The error if a server is known to refuse an action to all API keys, so nothing is sent.
 *
 * @param connection its label
 */
export function refusedBefore(action: SchemaAction, connection: string): PostHogError {
  const { what, remedy } = sentences[action];
  return new PostHogError({
    kind: 'keys-not-supported',
    what: `The PostHog server of "${connection}" doesn't allow API keys to ${what}.`,
    why: `${onlySignedIn} ${nothingSent}`,
    remedy,
  });
}

/** Current servers allow keys to refresh columns. No known version allows them to change types (API facts 9.2). */
const sentences: Readonly<Record<SchemaAction, { what: string; remedy: string }>> = {
  update_schema: { what: 'change column types', remedy: 'Change the type in PostHog.' },
  refresh_schema: {
    what: 'refresh the columns of a table',
    remedy:
      'Do it in PostHog, or update the server: newer versions accept keys with the scope warehouse_table:write. Then refresh the connection.',
  },
};
