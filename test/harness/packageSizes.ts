import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as v from 'valibot';
import { readManifest, repoRoot } from './paths';
import { readZip, type ZipEntry } from './zip';

/** Size limits of what ships, in bytes. */
export const mainBundleBudgetBytes = 100_000;
export const vsixBudgetBytes = 1_000_000;

export interface PackageSizes {
  /** dist/extension.cjs with every chunk that is loaded before anything else happens. */
  mainBundleBytes: number;
  mainBundleFiles: string[];
  vsixBytes: number;
  entries: ZipEntry[];
}

const metafile = v.object({
  extension: v.object({
    outputs: v.record(
      v.string(),
      v.object({ imports: v.array(v.object({ path: v.string(), kind: v.string() })) }),
    ),
  }),
});

/** Where `npm run package` writes the package. */
function vsixPath(): string {
  const { name, version } = readManifest();
  return join(repoRoot, `${name}-${version}.vsix`);
}

/**
 * Measures the package from `npm run package`.
 * @throws Error if there is none, or if it isn't the one that dist/meta.json describes
 */
export function measurePackage(): PackageSizes {
  const path = vsixPath();
  const metaPath = join(repoRoot, 'dist', 'meta.json');
  if (!existsSync(path) || !existsSync(metaPath)) {
    throw new Error('There is no package to measure. Run "npm run package" first.');
  }
  const entries = readZip(path);
  const { extension } = v.parse(metafile, JSON.parse(readFileSync(metaPath, 'utf8')));
  const files = staticImports('dist/extension.cjs', (file) => extension.outputs[file]?.imports ?? []);
  const sizes = files.map((file) => {
    const entry = entries.find(({ name }) => name === posix.join('extension', file));
    if (entry === undefined) {
      throw new Error(
        `${file} is missing in the package: it was made from another build. Run "npm run package".`,
      );
    }
    return entry.sizeBytes;
  });
  return {
    mainBundleBytes: sizes.reduce((sum, size) => sum + size, 0),
    mainBundleFiles: files,
    vsixBytes: statSync(path).size,
    entries,
  };
}

/** A file and its static imports; what `import()` names is loaded at first use and doesn't count. */
function staticImports(
  entry: string,
  importsOf: (file: string) => readonly { path: string; kind: string }[],
): string[] {
  const found = new Set([entry]);
  for (const file of found) {
    for (const { path, kind } of importsOf(file)) {
      if (kind !== 'dynamic-import' && path.startsWith('dist/')) {
        found.add(path);
      }
    }
  }
  return [...found];
}
