import { own, type JsonValue } from '../../json/json';
import type { ReadingClient } from '../../posthog/client';
import { settingsDocument } from '../../settings/document';
import { sameValue } from '../../settings/values';
import { sideText } from '../changeText';
import { inParallel } from '../inParallel';
import type { EnvironmentAt } from '../services';

/** A setting's value in another environment. */
export interface Elsewhere<At> {
  readonly at: At;
  /** `failed`: it couldn't be read, and `text` says why. */
  readonly kind: 'same' | 'differs' | 'absent' | 'failed';
  /** The value in a few words, and how it compares. */
  readonly text: string;
}

interface ElsewhereServices {
  readonly connections: { client(id: string): Promise<Pick<ReadingClient, 'getEnvironment'>> };
  /** Says why something couldn't be read. @throws anything that isn't an expected failure */
  whyNot(error: unknown): string;
}

/**
 * A setting's values in other environments, read a few at a time. Those that differ come first.
 *
 * @param here the value in the environment to compare with
 */
export async function readElsewhere<At extends EnvironmentAt>(
  { connections, whyNot }: ElsewhereServices,
  key: string,
  here: JsonValue | undefined,
  places: readonly At[],
  signal: AbortSignal,
): Promise<readonly Elsewhere<At>[]> {
  const found = await inParallel(places, async (at): Promise<Elsewhere<At>> => {
    try {
      const client = await connections.client(at.connectionId);
      const { raw } = await client.getEnvironment(at.environment, signal);
      const there = own(settingsDocument(raw), key);
      if (there === undefined) {
        return { at, kind: 'absent', text: "This server doesn't have it" };
      }
      const isSame = sameValue(key, here, there);
      const kind = isSame ? 'same' : 'differs';
      return { at, kind, text: `${sideText([key], there)}, ${isSame ? 'the same' : 'differs'}` };
    } catch (error) {
      return { at, kind: 'failed', text: whyNot(error) };
    }
  });
  const order = ['differs', 'same', 'absent', 'failed'] as const;
  return [...found].sort((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind));
}
