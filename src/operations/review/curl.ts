import type { JsonObject } from '../../json/json';

/** A request as it will be sent. */
export interface PlannedRequest {
  readonly method: 'PATCH' | 'POST';
  /** The full URL. */
  readonly url: string;
  readonly body: JsonObject;
}

/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The request as a curl command that reads the key from `POSTHOG_PERSONAL_API_KEY`. */
export function curlOf({ method, url, body }: PlannedRequest): string {
  return [
    `curl -X ${method} ${quoted(url)}`,
    `-H "Authorization: Bearer $POSTHOG_PERSONAL_API_KEY"`,
    `-H 'Content-Type: application/json'`,
    `--data-raw ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ');
}
