import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from './install';
import { runNpm } from './npm';
import { vscodeTestDir } from './paths';

/**
 * Makes sure that a version of Node is available: the running one if its major version matches, or else the package
 * `node` of the npm registry, installed once to .vscode-test.
 */
export async function ensureNode(version: string, progress: (line: string) => void): Promise<void> {
  if (isRunning(version)) {
    return;
  }
  await installOnce(folderOf(version), async (temporary) => {
    progress(`Node ${version}: fetching (about 40 MB, once)`);
    // The package's install script selects the binary for this machine: the only script allowed here.
    const manifest = { private: true, allowScripts: { node: true } };
    await writeFile(join(temporary, 'package.json'), JSON.stringify(manifest));
    const flags = ['--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
    await runNpm(['install', `node@${version}`, ...flags], temporary);
  });
}

/** The path of the program from `ensureNode`. */
export function nodeFor(version: string): string {
  if (isRunning(version)) {
    return process.execPath;
  }
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(folderOf(version), 'node_modules', 'node', 'bin', name);
}

function folderOf(version: string): string {
  return join(vscodeTestDir, `node-${version}`);
}

function isRunning(version: string): boolean {
  return majorOf(version) === majorOf(process.versions.node);
}

function majorOf(version: string): string | undefined {
  return version.split('.')[0];
}
