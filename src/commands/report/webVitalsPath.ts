import * as vscode from 'vscode';
import type { Choice } from '../../ui/prompts';
import type { VitalsPlace } from '../../reports/reportTargets';
import { isStop } from '../../posthog/errors';
import { pathsOfUrls, readPath } from '../../webVitals/paths';
import type { CommandServices } from '../command';
import { picked } from '../targets';
import { keyOf } from '../../settings/keys';
import { whereText } from '../placeNames';

/**
 * Asks for a path. Suggests recent paths and those of the environment's own URLs.
 *
 * @throws Canceled
 */
export async function askPath(
  services: CommandServices,
  places: readonly Omit<VitalsPlace, 'path'>[],
): Promise<string> {
  const { recentPaths } = await services.webVitals();
  const recent = [...new Set(places.flatMap((place) => recentPaths.of(place)))];
  // Shared while the prompt is open: the next keystroke must not abort what the first one started.
  const whileOpen = new AbortController();
  const own = ownPaths(services, places, whileOpen.signal);
  let chosen: string | undefined;
  try {
    chosen = await services.prompts.search<string>(async (text) => choices(text, recent, await own), {
      title: `Web vitals of ${places.map((place) => whereText(services, place, place.name)).join(' and ')}`,
      placeHolder: 'Type or choose a path, such as /pricing',
      log: services.log,
    });
  } finally {
    whileOpen.abort();
    await own;
  }
  const path = picked(chosen);
  await Promise.all(places.map((place) => recentPaths.add({ ...place, path })));
  return path;
}

function choices(text: string, recent: readonly string[], own: readonly string[]): Choice<string>[] {
  const typed = readPath(text);
  const offered: Choice<string>[] = [
    ...recent.map((path) => choice(path, 'history', 'recent')),
    ...own
      .filter((path) => !recent.includes(path))
      .map((path) => choice(path, 'globe', path === '/' ? 'home page' : "from this environment's URLs")),
  ].filter(({ value }) => value.toLowerCase().includes(text.trim().toLowerCase()) || isTyped(value));
  function isTyped(path: string): boolean {
    return typed.ok && typed.path === path;
  }
  if (!typed.ok || offered.some(({ value }) => isTyped(value))) {
    return offered.toSorted((left, right) => Number(isTyped(right.value)) - Number(isTyped(left.value)));
  }
  const entered = choice(typed.path, 'edit', typed.note ?? 'as typed');
  // Without a slash, it may be a search term.
  return /^\/|:\/\//.test(text.trim()) ? [entered, ...offered] : [...offered, entered];
}

const choice = (path: string, icon: string, description: string): Choice<string> => ({
  label: path,
  description,
  iconPath: new vscode.ThemeIcon(icon),
  alwaysShow: true,
  value: path,
});

/** Only suggestions, so a failure isn't shown: loading the web vitals will report the same one. */
async function ownPaths(
  { connections, log }: CommandServices,
  places: readonly Omit<VitalsPlace, 'path'>[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const paths = await Promise.all(
    places.map(async ({ connectionId, environment }) => {
      try {
        const client = await connections.client(connectionId);
        return pathsOfUrls((await client.getEnvironment(environment, signal)).raw[keyOf.sites]);
      } catch (error) {
        if (!isStop(error)) {
          throw error;
        }
        log.debug(`No path suggestions: ${error.what}`);
        return [];
      }
    }),
  );
  return [...new Set(['/', ...paths.flat()])];
}
