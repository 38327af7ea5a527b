import type { EnvironmentMarks } from '../../connections/environmentMarks';
import type { Command } from '../command';
import { environmentOf, environmentTarget } from '../targets';

const marking = (mark: Parameters<EnvironmentMarks['mark']>[2]): Command => ({
  async run(services, target) {
    // The mark is stored locally, so nothing needs to be read from the environment.
    const { connectionId, environment } =
      environmentOf(target) ?? (await environmentTarget(services, target));
    await services.marks.mark(connectionId, environment.id, mark);
  },
});

/** Saves to the environment ask first from now on, whatever its name. */
export const protectEnvironment = marking({ protect: true });

/** Saves to the environment no longer ask, whatever its name. */
export const unprotectEnvironment = marking({ protect: false });

/** Nothing is written to the environment from this computer from now on. */
export const makeReadOnly = marking({ readOnly: true });

/** Changes can be saved to the environment again. */
export const allowSaving = marking({ readOnly: false });
