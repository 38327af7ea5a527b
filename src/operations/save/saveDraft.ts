import type { JsonObject } from '../../json/json';
import { checkNewEnvironment } from '../../settings/newEnvironment';
import {
  createEnvironment,
  type Created,
  type CreatePlace,
  type CreateRequest,
  type CreatingClient,
} from '../environment/createEnvironment';
import { outcomeText, type Applied, type Partly } from '../outcome';
import { problemAt } from './refusedPlaces';
import { SaveRefused } from './saveRefused';
import { readable } from './saveSteps';
import type { OperationServices } from '../services';

/** A draft to save. */
interface DraftSave extends Omit<CreateRequest, 'settings' | 'progress'> {
  readonly text: string;
  /** What earlier saves of this draft stored. */
  readonly base: JsonObject;
}

/**
 * Saves a draft: creates its environment.
 *
 * @throws SaveRefused whenever there is no environment afterwards, or the outcome is unknown; Canceled
 */
export async function saveDraft(
  services: OperationServices<CreatingClient>,
  place: CreatePlace,
  { text, base, ...request }: DraftSave,
): Promise<Applied<Created> | Partly<Created>> {
  const client = await services.connections.client(place.connectionId);
  const generation = client.profile?.generation ?? 'current';
  const document = readable(text, (one) => checkNewEnvironment(one, generation));
  const settings = document.value;
  const outcome = await createEnvironment(services, place, { ...request, settings, progress: base });
  if (outcome.kind === 'applied' || outcome.kind === 'partly') {
    return outcome;
  }
  const { action, spots, cause } = outcome;
  throw new SaveRefused(outcomeText(outcome), {
    action,
    problems: spots.map(({ path, message, code }) => problemAt(document, path, message, code)),
    cause,
  });
}
