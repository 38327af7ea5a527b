import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Written last, so a folder without it is incomplete. */
const stampName = '.complete';

/**
 * Fills a folder at most once. The work happens in a temporary folder next to it, which is then renamed in one step: an
 * aborted install is never mistaken for a complete one, and if two processes install at the same time, one wins and the
 * other uses its result.
 * @param target absolute path of the resulting folder
 * @param fill writes the content to the given folder
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

/** Whether `installOnce` has completed this folder before. */
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
    // An incomplete folder, created by hand or by an older version of this harness.
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  }
}

/** Temporary folders of aborted installs: nothing takes an hour, so old ones are abandoned. */
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
