import { join } from 'node:path';
import { parseArgs } from './args';
import { runInHost } from './hostRun';
import { runMain } from './main';
import { repoRoot } from './paths';
import { isVsCodeVersion, newestVsCode, vscodeVersions } from './vscodeServer';

/** Usage: node dist/test/harness/runHost.js [--vscode VERSION] [--grep TEXT] [part of a file name…] */
runMain(async () => {
  const { options, rest } = parseArgs(process.argv.slice(2), ['vscode', 'grep']);
  const version = options.vscode ?? newestVsCode;
  if (!isVsCodeVersion(version)) {
    throw new Error(`No VS Code ${version} here. Known: ${Object.keys(vscodeVersions).join(', ')}.`);
  }
  process.stdout.write(`VS Code ${version}, extension host\n`);
  const result = await runInHost({
    version,
    testsPath: join(repoRoot, 'dist', 'test', 'host', 'index.cjs'),
    options: {
      ...(options.grep === undefined ? {} : { grep: options.grep }),
      ...(rest.length === 0 ? {} : { files: rest }),
    },
    onText: (text) => process.stdout.write(`${text}\n`),
  });
  process.stdout.write(`host: ${result.passed} passed, ${result.failed} failed\n`);
  return result.failed === 0 && result.passed > 0 ? result.exitCode : 1;
});
