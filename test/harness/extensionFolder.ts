import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, repoRoot } from './paths';

/** What of a checkout the extension needs to run, and what in it does not. */
const parts = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'dist'];
const excluded = [join(repoRoot, 'dist', 'test'), join(repoRoot, 'dist', 'meta.json')];

/**
 * Puts the built extension, unpacked, into a folder of extensions: what installing its package would do.
 * @throws Error when it is not built.
 */
export async function installExtension(extensionsDir: string): Promise<void> {
  if (!existsSync(join(repoRoot, 'dist', 'extension.cjs'))) {
    throw new Error('The extension is not built. Run "npm run build" first.');
  }
  const { publisher, name, version } = readManifest();
  const home = join(extensionsDir, `${publisher}.${name}-${version}`);
  await mkdir(home, { recursive: true });
  for (const part of parts) {
    await cp(join(repoRoot, part), join(home, part), {
      recursive: true,
      filter: (source) => !excluded.includes(source) && !source.endsWith('.map'),
    });
  }
}
