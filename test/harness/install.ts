import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Written last: a folder without it was never finished. */
const stampName = '.complete';

/**
 * Fills a folder at most once. The work happens in a temporary folder beside it, which then takes the
 * final name in one step: a broken-off install is never taken for a finished one, and of two
 * processes that install at the same time one wins and the other uses what the winner made.
 * @param target Absolute path of the finished folder.
 * @param fill Puts the content into the folder it is given.
 */
export async function installOnce(target: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  if (isInstalled(target)) {
    return;
  }
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  await mkdir(dirname(target), { recursive: true });
  await removeLeftovers(target);
  await mkdir(temporary);
  try {
    await fill(temporary);
    await writeFile(join(temporary, stampName), '');
    await takeName(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** True when `installOnce` has finished this folder before. */
export function isInstalled(target: string): boolean {
  return existsSync(join(target, stampName));
}

async function takeName(temporary: string, target: string): Promise<void> {
  try {
    await rename(temporary, target);
  } catch (error) {
    if (isInstalled(target)) {
      return;
    }
    if (!existsSync(target)) {
      throw error;
    }
    // Someone put an unfinished folder there by hand, or an older version of this harness did.
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  }
}

/** Temporary folders of installs that were broken off: nothing takes an hour, so the old ones are dead. */
async function removeLeftovers(target: string): Promise<void> {
  const oldestMs = Date.now() - 3_600_000;
  for (const name of await readdir(dirname(target))) {
    const path = join(dirname(target), name);
    if (
      name.startsWith(`${basename(target)}.`) &&
      name.endsWith('.tmp') &&
      (await stat(path)).mtimeMs < oldestMs
    ) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
