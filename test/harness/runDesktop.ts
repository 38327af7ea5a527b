import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { parseArgs } from './args';
import { runMain } from './main';
import { repoRoot } from './paths';
import { newestVsCode } from './vscodeServer';

/**
 * npm run test:desktop [-- --vscode VERSION]: the host tests in desktop VS Code, downloaded by @vscode/test-electron.
 * Needs a display (on Linux: xvfb-run).
 */
runMain(async () => {
  const { options } = parseArgs(process.argv.slice(2), ['vscode']);
  return runTests({
    version: options.vscode ?? newestVsCode,
    extensionDevelopmentPath: repoRoot,
    extensionTestsPath: join(repoRoot, 'dist', 'test', 'host', 'index.cjs'),
    launchArgs: ['--disable-extensions', '--skip-welcome', '--disable-workspace-trust'],
  });
});
