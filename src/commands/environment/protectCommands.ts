import type { Command } from '../command';
import { environmentOf, environmentTarget } from '../targets';

const marking = (protect: boolean): Command => ({
  async run(services, target) {
    // The mark is stored locally, so nothing needs to be read from the environment.
    const { connectionId, environment } =
      environmentOf(target) ?? (await environmentTarget(services, target));
    await services.marks.mark(connectionId, environment.id, protect);
  },
});

/** Saves to the environment ask first from now on, whatever its name. */
export const protectEnvironment = marking(true);

/** Saves to the environment no longer ask, whatever its name. */
export const unprotectEnvironment = marking(false);
