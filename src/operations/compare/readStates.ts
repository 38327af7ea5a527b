import { isCanceled } from '../../connections/failures';
import type { ReadingClient } from '../../posthog/client';
import { isPostHogError } from '../../posthog/errors';
import { settingsDocument } from '../../settings/document';
import { inParallel } from '../inParallel';
import { sentences } from '../phrases/sentences';
import type { EnvironmentAt } from '../services';
import type { State } from './compare';

const canceledText = 'Reading was canceled.';

/** An environment to read, with a name that distinguishes it from the others. */
export interface LabeledEnvironment extends EnvironmentAt {
  readonly label: string;
}

/** What reading needs: only calls that change nothing. */
export interface ReadingServices {
  readonly connections: { client(connectionId: string): Promise<Pick<ReadingClient, 'getEnvironment'>> };
}

/** How to observe and cancel reading. */
export interface ReadingPorts {
  readonly signal: AbortSignal;
  /** Called with each state as soon as it's available. */
  onRead?(index: number, state: State): void;
}

/** Reads the settings of environments with one request each, at most six at a time. */
export async function readStates(
  services: ReadingServices,
  environments: readonly LabeledEnvironment[],
  { signal, onRead }: ReadingPorts,
): Promise<readonly State[]> {
  return inParallel([...environments.entries()], async ([index, environment]) => {
    const state = signal.aborted
      ? { label: environment.label, why: canceledText }
      : await readState(services, environment, signal);
    onRead?.(index, state);
    return state;
  });
}

async function readState(
  { connections }: ReadingServices,
  { connectionId, environment, label }: LabeledEnvironment,
  signal: AbortSignal,
): Promise<State> {
  try {
    const client = await connections.client(connectionId);
    const { raw } = await client.getEnvironment(environment, signal);
    return { label, settings: settingsDocument(raw) };
  } catch (error) {
    if (isCanceled(error)) {
      return { label, why: canceledText, cause: error };
    }
    if (!isPostHogError(error)) {
      throw error;
    }
    return { label, why: sentences(error.what, error.why, error.remedy), cause: error };
  }
}

/** Names that distinguish environments: ones that share a name get their connection and ID. */
export function labeled(
  environments: readonly EnvironmentAt[],
  connectionOf: (connectionId: string) => string,
): readonly LabeledEnvironment[] {
  const isTaken = (nameOf: (one: EnvironmentAt) => string, one: EnvironmentAt): boolean =>
    environments.filter((other) => nameOf(other) === nameOf(one)).length > 1;
  const plain = ({ name }: EnvironmentAt): string => name;
  const placed = (one: EnvironmentAt): string => `${one.name} · ${connectionOf(one.connectionId)}`;
  return environments.map((one) => ({
    ...one,
    label: !isTaken(plain, one)
      ? plain(one)
      : !isTaken(placed, one)
        ? placed(one)
        : `${placed(one)} · ${one.environment.id}`,
  }));
}
