import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { mainBundleBudgetBytes, measurePackage, vsixBudgetBytes } from '../harness/packageSizes';
import { repoRoot } from '../harness/paths';
import { type Figure, figure } from './figure';

/** Packs the existing production build and measures its size. */
export async function packageFigures(): Promise<Figure[]> {
  await pack();
  const sizes = measurePackage();
  return [
    figure('main bundle', sizes.mainBundleBytes, 'bytes', mainBundleBudgetBytes, sizes.mainBundleFiles),
    figure('vsix', sizes.vsixBytes, 'bytes', vsixBudgetBytes),
  ];
}

async function pack(): Promise<void> {
  const vsce = join(repoRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Standard output is reserved for the figures.
  const child = spawn(
    process.execPath,
    [vsce, 'package', '--no-dependencies', '--readme-path', 'media/marketplace.md'],
    {
      cwd: repoRoot,
      stdio: ['ignore', process.stderr, 'inherit'],
    },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) {
    throw new Error(`Packing failed with exit code ${code ?? 'none'}.`);
  }
}
