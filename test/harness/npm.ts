import { readFile, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { startProcessTree } from './processes';

/**
 * Runs npm in a folder and waits for it.
 * @throws Error with npm's last lines if npm can't be started or fails
 */
export async function runNpm(args: readonly string[], cwd: string): Promise<void> {
  const own = process.env.npm_execpath;
  const viaNode = own?.endsWith('.js') === true && own.includes('npm-cli');
  const command = viaNode ? process.execPath : 'npm';
  const logFile = join(cwd, 'npm.log');
  const tree = startProcessTree(command, viaNode ? [own, ...args] : args, {
    cwd,
    env: npmEnvironment(),
    logFile,
    // npm is a .cmd file on Windows, which only a shell can start.
    shell: !viaNode && process.platform === 'win32',
  });
  const code = await tree.exited;
  await tree.stop();
  if (code !== 0) {
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-15).join('\n');
    throw new Error(
      `npm ${args.join(' ')} failed (${code}). Check the network and npm's registry settings, then run the command again. npm said:\n${lines}`,
    );
  }
  await rm(logFile);
}

/**
 * npm describes a script's own package in npm_package_* and npm_lifecycle_*, and its location in
 * npm_config_local_prefix, which an npm started by the script would mistake for its own.
 */
function npmEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^npm_(package|lifecycle|config_local_prefix|config_prefix|config_global|command)/i.test(name)) {
      env[name] = value;
    }
  }
  env.PATH = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
  return env;
}
