import { statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { extension, findRows } from './extension';

/**
 * The extension's code files that are loaded when the tree shows tables, by size. The connection is added here, because
 * a user's doesn't come from environment variables either, unlike that of the other measurements.
 */
export async function measureTree(): Promise<{ treeFiles: Record<string, number> }> {
  const { BENCH_SANDBOX_URL: origin, BENCH_SANDBOX_KEY: key } = process.env;
  if (origin === undefined || key === undefined) {
    throw new Error('The bench gave no sandbox.');
  }
  const target = extension();
  const api = await target.activate();
  await api.services.connections.add({ id: 'bench', label: 'Bench', kind: 'server', origin }, key);
  for await (const tables of findRows(api, 'tables')) {
    if ((await api.services.provider.getChildren(tables)).length > 0) {
      return { treeFiles: loadedFiles(target.extensionPath) };
    }
  }
  throw new Error('The tree shows no tables.');
}

function loadedFiles(extensionPath: string): Record<string, number> {
  const dist = join(extensionPath, 'dist') + sep;
  return Object.fromEntries(
    Object.keys(require.cache)
      .filter((file) => file.startsWith(dist) && !file.startsWith(join(dist, 'test') + sep))
      .map((file) => [relative(dist, file), statSync(file).size]),
  );
}
