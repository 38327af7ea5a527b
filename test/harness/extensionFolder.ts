import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, repoRoot } from './paths';

/** The parts of a checkout that the extension needs to run, and exceptions. */
const parts = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'dist'];
const excluded = [join(repoRoot, 'dist', 'test'), join(repoRoot, 'dist', 'meta.json')];

/**
 * Copies the built extension, unpacked, to a folder of extensions, as installing its package would.
 * @throws Error if it isn't built
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
