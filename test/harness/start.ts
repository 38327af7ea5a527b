import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startSandbox } from '../../src/sandbox/index';
import { parseArgs } from './args';
import { installExtension } from './extensionFolder';
import { fail } from './main';
import { vscodeTestDir } from './paths';
import { stopOnSignal, stopWithParent } from './processes';
import { quietSettings } from './quietSettings';
import { fillWorkspace, showViewAtStart } from './startWorkspace';
import { ensureVsCodeServer, newestVsCode, PortTakenError, startVsCodeServer } from './vscodeServer';

/**
 * npm start [-- --port N]: a real VS Code in the browser, with the extension installed and a sandbox connected.
 * Progress goes to standard error; standard output only gets the address.
 */
async function start(): Promise<void> {
  const port = readPort(process.argv.slice(2));
  if (port !== 0) {
    await refuseTakenPort(port);
  }
  await mkdir(vscodeTestDir, { recursive: true });
  const cleanups: (() => Promise<void>)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= runAll(cleanups));
  stopOnSignal(stop, 0);
  stopWithParent(stop);

  await ensureVsCodeServer(newestVsCode);
  // A new profile each time, because data of an earlier sandbox refers to a port that is gone.
  const dataDir = await mkdtemp(join(vscodeTestDir, 'start-'));
  cleanups.unshift(() => rm(dataDir, { recursive: true, force: true }));
  const extensionsDir = join(dataDir, 'extensions');
  const workspace = join(dataDir, 'sandbox');
  await mkdir(workspace);
  await installExtension(extensionsDir);
  await showViewAtStart(extensionsDir);
  const sandbox = await startSandbox();
  cleanups.unshift(() => sandbox.close());
  await fillWorkspace(workspace, sandbox.url);
  const server = await startVsCodeServer({
    dataDir,
    extensionsDir,
    port,
    userSettings: quietSettings,
    args: ['--default-folder', workspace],
    env: {
      // The extension adds a connection "Sandbox" if these are set.
      POSTHOG_ENVIRONMENTS_SANDBOX_URL: sandbox.url,
      POSTHOG_ENVIRONMENTS_SANDBOX_KEY: sandbox.keys.admin,
    },
  });
  cleanups.unshift(() => server.stop());
  process.stderr.write(
    `VS Code ${newestVsCode} runs with the extension installed and the sandbox connected.\n`,
  );
  process.stderr.write('Open this address in a browser. Ctrl+C stops it.\n\n');
  process.stdout.write(`${server.url}/\n`);

  const code = await server.exited;
  if (stopped === undefined) {
    await stop();
    throw new Error(`The VS Code server ended by itself (${code}). Run "npm start" again.`);
  }
}

function readPort(args: readonly string[]): number {
  const { options, rest } = parseArgs(args, ['port']);
  const text = options.port ?? rest[0] ?? '0';
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) {
    throw new Error(`--port takes a number from 0 (any free port) to 65535, not "${text}".`);
  }
  return port;
}

/** Reported before anything is installed, because the server itself would only log it. */
async function refuseTakenPort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        reject(
          new PortTakenError(
            `Port ${port} is in use by another program. Choose another one, or leave --port out.`,
          ),
        );
      } else if (error.code === 'EACCES') {
        reject(
          new Error(`Port ${port} may not be used by this user. Choose one above 1023, or leave --port out.`),
        );
      } else {
        reject(error);
      }
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

async function runAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of steps) {
    await step();
  }
}

start().catch(fail);
