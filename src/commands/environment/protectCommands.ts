import type { Mark } from '../../connections/marks';
import { lastName } from '../../documents/uris/placeNames';
import { namesText } from '../../json/namesText';
import { sentences } from '../../operations/phrases/sentences';
import { showInStatusBar } from '../../ui/statusMessages';
import { selectedEntries } from '../batch';
import type { Command, CommandServices } from '../command';
import { shortPlace } from '../placeNames';
import { environmentOf, environmentOfEntry, environmentTarget, type EnvironmentTarget } from '../targets';

/** @param done what was done to environments with these names */
const marking = (mark: Mark, done: (names: string) => string): Command => ({
  async run(services, target, selection) {
    const places = await placesOf(services, target, selection);
    for (const { connectionId, environment } of places) {
      await services.marks.mark(connectionId, environment.id, mark);
    }
    const namesOf = (marked: readonly EnvironmentTarget[]): string =>
      namesText(marked.map((at) => shortPlace(services, at, lastName(services, at))));
    // Settings files of the team and other connections can be stricter.
    await services.marks.known();
    const kept = await Promise.all(places.map((place) => whyKept(services, place, mark)));
    for (const why of new Set(kept)) {
      const of = places.filter((_, index) => kept[index] === why);
      if (why === undefined) {
        // From the Command Palette, it's the environment of the active document, which may be another one than expected.
        showInStatusBar('check', done(namesOf(of)));
      } else {
        await services.prompts.notify('information', `${namesOf(of)}: ${why}`);
      }
    }
  },
});

/** All selected environments, or the one that the command was run on. */
async function placesOf(
  services: CommandServices,
  target: unknown,
  selection: unknown,
): Promise<readonly EnvironmentTarget[]> {
  const selected = Array.isArray(selection)
    ? selectedEntries(services, target, selection, 'environment').map(environmentOfEntry)
    : [];
  // The mark is stored locally, so nothing needs to be read from the environment.
  return selected.length > 0
    ? selected
    : [environmentOf(target) ?? (await environmentTarget(services, target))];
}

/** Why the environment is still protected or read-only although the user has lifted that. */
async function whyKept(
  { connections, marks }: CommandServices,
  { connectionId, environment }: EnvironmentTarget,
  mark: Mark,
): Promise<string | undefined> {
  const connection = connections.get(connectionId);
  if (!connection || !Object.values(mark).includes(false)) {
    return undefined;
  }
  if ('readOnly' in mark) {
    const readOnly = marks.whyReadOnly(connection, environment.id);
    return readOnly && sentences(readOnly.what, readOnly.remedy);
  }
  const file = marks.protectedBy(connection, environment.id);
  if (file !== undefined) {
    return `The settings file ${file} still protects the environment. To change this, remove "protected" from ${file}.`;
  }
  const protecting = await marks.protecting(connectionId, environment.id);
  return protecting.length === 0
    ? undefined
    : `The environment is also protected in ${namesText(protecting.map((id) => `"${connections.get(id)?.label ?? ''}"`))}. To change this, choose Do Not Protect there, too.`;
}

/** From now on, saves to the environments ask first, whatever their names. */
export const protectEnvironment = marking({ protect: true }, (names) => `Protected ${names}`);

/** From now on, saves to the environments don't ask, whatever their names. */
export const unprotectEnvironment = marking(
  { protect: false },
  (names) => `Removed the protection of ${names}`,
);

/** From now on, nothing can be written to the environments from this computer. */
export const makeReadOnly = marking({ readOnly: true }, (names) => `Made ${names} read-only`);

/** Changes can be saved to the environments again. */
export const allowSaving = marking({ readOnly: false }, (names) => `Allowed saving to ${names}`);
