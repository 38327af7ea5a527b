import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { parseArgs } from './args';
import { runMain } from './main';
import { repoRoot } from './paths';
import { retries, runWithSecondTries } from './secondTries';
import { ensureVsCodeServer, newestVsCode } from './vscodeServer';

/**
 * Usage: node dist/test/harness/runUi.js [--grep TEXT] [part of a file name…]
 *
 * Runs mocha in this process rather than as a command, so that a signal also stops the servers and browsers.
 */
runMain(async () => {
  const { options, rest } = parseArgs(process.argv.slice(2), ['grep']);
  await ensureVsCodeServer(newestVsCode);
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    timeout: 90_000,
    slow: 20_000,
    retries,
    forbidOnly: true,
    forbidPending: true,
    ...(options.grep === undefined ? {} : { grep: options.grep }),
  });
  const home = join(repoRoot, 'dist', 'test', 'ui');
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js'))
    .filter((file) => rest.length === 0 || rest.some((part) => file.includes(part)))
    .sort();
  for (const file of files) {
    mocha.addFile(join(home, file));
  }
  await mocha.loadFilesAsync();
  const { passed, failed } = await runWithSecondTries(mocha, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`ui: ${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
