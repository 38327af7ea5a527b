import type { Mark } from '../../connections/marks';
import { sentences } from '../../operations/phrases/sentences';
import { namesText } from '../../json/namesText';
import type { Command } from '../command';
import { environmentOf, environmentTarget } from '../targets';

const marking = (mark: Mark): Command => ({
  async run(services, target) {
    // The mark is stored locally, so nothing needs to be read from the environment.
    const { connectionId, environment } =
      environmentOf(target) ?? (await environmentTarget(services, target));
    const { marks, connections, prompts } = services;
    await marks.mark(connectionId, environment.id, mark);
    const connection = connections.get(connectionId);
    if (!connection || !Object.values(mark).includes(false)) {
      return;
    }
    // A settings file of the team can be stricter than this computer.
    await marks.known();
    const isOfReadOnly = 'readOnly' in mark;
    const readOnly = isOfReadOnly ? marks.whyReadOnly(connection, environment.id) : undefined;
    const file = isOfReadOnly ? undefined : marks.protectedBy(connection, environment.id);
    const protecting = isOfReadOnly ? [] : await marks.protecting(connectionId, environment.id);
    if (readOnly) {
      await prompts.notify('information', sentences(readOnly.what, readOnly.remedy));
    } else if (file !== undefined) {
      await prompts.notify(
        'information',
        `The settings file ${file} protects the environment, so saving still asks first. To change this, remove "protected" from ${file}.`,
      );
    } else if (protecting.length > 0) {
      const labels = namesText(protecting.map((id) => `"${connections.get(id)?.label ?? ''}"`));
      await prompts.notify(
        'information',
        `The environment is also protected in ${labels}, so saving still asks first. To change this, choose Do Not Protect there, too.`,
      );
    }
  },
});

/** From now on, saves to the environment ask first, whatever its name. */
export const protectEnvironment = marking({ protect: true });

/** From now on, saves to the environment don't ask, whatever its name. */
export const unprotectEnvironment = marking({ protect: false });

/** From now on, nothing can be written to the environment from this computer. */
export const makeReadOnly = marking({ readOnly: true });

/** Changes can be saved to the environment again. */
export const allowSaving = marking({ readOnly: false });
