import type { Command } from '../command';
import { environmentOf, environmentTarget } from '../targets';

const marking = (protect: boolean): Command => ({
  async run(services, target) {
    // The mark is kept on this computer, so nothing of the environment has to be read for it.
    const { connectionId, environment } =
      environmentOf(target) ?? (await environmentTarget(services, target));
    await services.marks.mark(connectionId, environment.id, protect);
  },
});

/** From now on a save to the environment asks first, whatever it is called. */
export const protectEnvironment = marking(true);

/** From now on a save to the environment does not ask, whatever it is called. */
export const unprotectEnvironment = marking(false);
