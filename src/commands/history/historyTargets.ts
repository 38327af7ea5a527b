import { HistoryItem } from '../../operations/history/item';
import type { ActivityPlace } from '../../operations/history/activityLog';
import type { EnvironmentTarget } from '../targets';

/** The change a command was run on. */
export const changeOf = (target: unknown): HistoryItem | undefined =>
  target instanceof HistoryItem ? target : undefined;

/** An environment as the history names it. */
export const placeOf = ({ connectionId, environment, name }: EnvironmentTarget): ActivityPlace => ({
  connectionId,
  environment: { ...environment, name },
});
