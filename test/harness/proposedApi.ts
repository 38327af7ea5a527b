import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where VS Code checks whether an extension can use a proposed API: the window and both extension hosts. */
const deciding = [
  'out/vs/code/browser/workbench/workbench.js',
  'out/vs/workbench/api/node/extensionHostProcess.js',
  'out/vs/workbench/api/worker/extensionHostWorkerMain.js',
];

/**
 * `isProposedApiEnabled`, which always returns true in the server's package, before the function that throws otherwise.
 */
const alwaysYes =
  /function (?<name>\w+)\((?<extension>\w+),(?<proposal>\w+)\)\{return!0\}(?=function \w+\(\w+,\w+\)\{if\(!\k<name>\()/g;

/**
 * Restores the check for proposed APIs that the server's package lacks: without it, no test would notice if the
 * extension used one, which the product refuses to every extension of the Marketplace.
 *
 * @param server the folder of the server
 * @throws Error if a file doesn't have the check exactly once, because the package has changed
 */
export async function restoreProposedApiCheck(server: string): Promise<void> {
  for (const file of deciding) {
    const path = join(server, file);
    const code = await readFile(path, 'utf8');
    const matches = [...code.matchAll(alwaysYes)];
    if (matches.length !== 1) {
      throw new Error(`${file} has ${matches.length} checks for proposed APIs instead of one.`);
    }
    const checked = code.replace(
      alwaysYes,
      'function $<name>($<extension>,$<proposal>){return!!($<extension>.enabledApiProposals&&$<extension>.enabledApiProposals.includes($<proposal>))}',
    );
    await writeFile(path, checked);
  }
}
