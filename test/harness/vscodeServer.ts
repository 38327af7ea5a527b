import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installOnce, isInstalled } from './install';
import { ensureNode, nodeFor } from './nodeRuntime';
import { runNpm } from './npm';
import { repoRoot, vscodeTestDir } from './paths';
import { type ProcessTree, startProcessTree } from './processes';
import { restoreProposedApiCheck } from './proposedApi';

/**
 * The VS Code versions that the tests run on: the newest one, and the oldest one that package.json allows. Each comes
 * from the npm registry, inside a version of the package `code-server`, and runs on the Node that it was made for: on
 * Node 24, the extension host of 1.103 never receives its first message.
 */
export const vscodeVersions = {
  '1.139.1': { codeServer: '4.139.1', node: '24.21.0' },
  '1.103.2': { codeServer: '4.103.2', node: '22.23.3' },
} as const;
export type VsCodeVersion = keyof typeof vscodeVersions;
export const newestVsCode: VsCodeVersion = '1.139.1';

/** The folder of a version. Its name says that the check for proposed APIs is restored in it. */
const serverDir = (version: VsCodeVersion): string => join(vscodeTestDir, `vscode-server-${version}-checked`);

export function isVsCodeVersion(text: string): text is VsCodeVersion {
  return Object.hasOwn(vscodeVersions, text);
}

const npmFlags = ['--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false', '--loglevel=error'];

/**
 * Installs a VS Code server to .vscode-test, unless it is already there.
 * @param progress receives a line per step, only if there is something to do
 * @throws Error that says which npm call failed, and why
 */
export async function ensureVsCodeServer(
  version: VsCodeVersion,
  progress: (line: string) => void = progressOnStderr,
): Promise<void> {
  await ensureNode(vscodeVersions[version].node, progress);
  const target = serverDir(version);
  if (isInstalled(target)) {
    return;
  }
  const startedMs = Date.now();
  await installOnce(target, async (temporary) => {
    const download = join(temporary, 'download');
    await mkdir(download);
    // Its own package.json keeps npm from using this project's.
    await writeFile(join(download, 'package.json'), '{ "private": true }');
    progress(`VS Code ${version}: fetching the server (about 45 MB, once)`);
    await runNpm(
      [
        'install',
        `code-server@${vscodeVersions[version].codeServer}`,
        '--no-package-lock',
        '--omit=optional',
        ...npmFlags,
      ],
      download,
    );
    const server = join(temporary, 'vscode');
    await rename(join(download, 'node_modules', 'code-server', 'lib', 'vscode'), server);
    progress(`VS Code ${version}: fetching the modules of the server`);
    await runNpm(['install', '--omit=dev', ...npmFlags], server);
    progress(`VS Code ${version}: fetching the modules of its built-in extensions`);
    await runNpm(['install', '--omit=dev', ...npmFlags], join(server, 'extensions'));
    await restoreProposedApiCheck(server);
    // The rest of the package is a login page and a proxy around the server that is started here.
    await rm(download, { recursive: true, force: true });
  });
  progress(`VS Code ${version}: ready after ${Math.round((Date.now() - startedMs) / 1000)} s`);
}

export interface VsCodeServer {
  readonly version: VsCodeVersion;
  /** Origin of the workbench, such as http://127.0.0.1:40123. */
  readonly url: string;
  readonly port: number;
  /** The server's own output, which has the reason if something doesn't start. */
  readonly logFile: string;
  /** Resolves to the exit code (or the signal's name) when the server has ended. */
  readonly exited: Promise<number | string>;
  /** Stops the server and all its children. */
  stop(): Promise<void>;
}

export interface VsCodeServerOptions {
  version?: VsCodeVersion;
  /** The server's data folder. */
  dataDir: string;
  /** Unpacked extensions, one folder each. */
  extensionsDir: string;
  /** 0, the default, uses a free one. */
  port?: number;
  /** User settings, as in settings.json. */
  userSettings?: Record<string, unknown>;
  /** Added to this process's environment; reaches the extension host. */
  env?: Record<string, string>;
  /** More command line arguments of the server. */
  args?: readonly string[];
}

/**
 * Starts a VS Code server on loopback and waits until it responds. Call `ensureVsCodeServer` first.
 * @throws PortTakenError if the port is in use
 * @throws Error with the server's last lines if it ends or stays silent for 30 seconds
 */
export async function startVsCodeServer(options: VsCodeServerOptions): Promise<VsCodeServer> {
  const version = options.version ?? newestVsCode;
  const home = join(serverDir(version), 'vscode');
  const logFile = join(options.dataDir, 'server.log');
  const userDir = join(options.dataDir, 'data', 'User');
  await mkdir(userDir, { recursive: true });
  await mkdir(options.extensionsDir, { recursive: true });
  await writeFile(join(userDir, 'settings.json'), JSON.stringify(options.userSettings ?? {}, null, 2));
  const args = [
    // The older VS Code replaces modules in a way that waits forever for hooks like those of fileLog.ts.
    ...['secretKey.js', ...(version === newestVsCode ? ['fileLog.js'] : [])].flatMap((file) => [
      '--import',
      pathToFileURL(join(repoRoot, 'dist', 'test', 'harness', file)).href,
    ]),
    join(home, 'out', 'server-main.js'),
    ...['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--without-connection-token'],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...['--server-data-dir', options.dataDir, '--extensions-dir', options.extensionsDir],
    ...(options.args ?? []),
  ];
  const tree = startProcessTree(nodeFor(vscodeVersions[version].node), args, {
    // No gallery: code-server would query its own for updates of every extension.
    env: { ...serverEnvironment(), EXTENSIONS_GALLERY: '{}', ...options.env },
    logFile,
  });
  try {
    const port = await waitForServer(tree, logFile);
    return {
      version,
      port,
      url: `http://127.0.0.1:${port}`,
      logFile,
      exited: tree.exited,
      stop: () => tree.stop(),
    };
  } catch (error) {
    await tree.stop();
    throw error;
  }
}

/** The requested port is in use by another program. */
export class PortTakenError extends Error {}

/** A VS Code terminal sets environment variables that a server started from it would mistake for its own. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_)/.test(name)),
  );
}

async function waitForServer(tree: ProcessTree, logFile: string): Promise<number> {
  const limitMs = 30_000;
  const startedMs = Date.now();
  const ended = tree.exited.then((code) => ({ ended: code }));
  while (Date.now() - startedMs < limitMs) {
    const log = await readFile(logFile, 'utf8');
    if (log.includes('EADDRINUSE')) {
      throw new PortTakenError('The port is in use.');
    }
    const port = /Server bound to 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
    if (port !== undefined && (await answersVersion(Number(port)))) {
      return Number(port);
    }
    // The server has no "ready" signal, so its log and /version are polled.
    const state = await Promise.race([ended, pause(50)]);
    if (state !== undefined) {
      throw new Error(
        `The VS Code server ended at once (${state.ended}). It said:\n${lastLines(await readFile(logFile, 'utf8'))}`,
      );
    }
  }
  throw new Error(
    `The VS Code server didn't respond within ${limitMs / 1000} s. It said:\n${lastLines(await readFile(logFile, 'utf8'))}`,
  );
}

async function answersVersion(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/version`, { signal: AbortSignal.timeout(2_000) });
    await response.text();
    return response.ok;
  } catch {
    // Not up yet: the caller retries until its own time limit.
    return false;
  }
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}

function progressOnStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
