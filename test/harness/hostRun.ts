import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { launchBrowser } from './browser';
import { repoRoot, vscodeTestDir } from './paths';
import { quietSettings } from './quietSettings';
import { ensureVsCodeServer, startVsCodeServer, type VsCodeVersion } from './vscodeServer';

export interface HostRunOptions {
  version: VsCodeVersion;
  /** Absolute path of the CommonJS module whose `run()` the extension host calls. */
  testsPath: string;
  /** Additional environment variables of the extension host. */
  env?: Record<string, string>;
  /** What `run()` reads from the environment variable HOST_TESTS, in addition to the port to report to. */
  options?: Record<string, unknown>;
  /** Receives each line that `run()` reports. */
  onText: (text: string) => void;
  /** Aborts the run after this long without a line. Default: two minutes. */
  silenceLimitMs?: number;
}

export interface HostRunResult {
  passed: number;
  failed: number;
  /** 0 when `run()` resolved. */
  exitCode: number;
}

const reportLine = v.union([
  v.object({ text: v.string() }),
  v.object({ stats: v.object({ passed: v.number(), failed: v.number() }) }),
]);

/**
 * Runs a test module inside a real extension host: a VS Code server with its smoke test driver, and a headless browser
 * that opens its workbench with this checkout as the extension under development.
 * @throws Error with the path of the log if the host never called the module, or was silent for too long
 */
export async function runInHost(options: HostRunOptions): Promise<HostRunResult> {
  await ensureVsCodeServer(options.version);
  await mkdir(vscodeTestDir, { recursive: true });
  const dataDir = await mkdtemp(join(vscodeTestDir, 'host-'));
  const workspace = join(dataDir, 'workspace');
  await mkdir(workspace);
  const watch = silenceWatch(options.silenceLimitMs ?? 120_000);
  const report = await openReport((line) => {
    watch.heard();
    if ('text' in line) {
      options.onText(line.text);
    }
  });
  const server = await startVsCodeServer({
    version: options.version,
    dataDir,
    extensionsDir: join(dataDir, 'extensions'),
    userSettings: quietSettings,
    args: ['--enable-smoke-test-driver'],
    env: { ...options.env, HOST_TESTS: JSON.stringify({ ...options.options, reportPort: report.port }) },
  });
  // After a signal, nothing below runs. The server is stopped first, in the order of these calls.
  const removeNow = (): void => rmSync(dataDir, { recursive: true, force: true });
  process.once('exit', removeNow);
  const consoleLines: string[] = [];
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('console', (message) => consoleLines.push(message.text()));
    const exitCode = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationLog', () => undefined);
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    });
    await page.goto(hostTestUrl(server.url, workspace, options.testsPath));
    const code = await Promise.race([exitCode, watch.tooQuiet]);
    const stats = report.stats();
    if (stats === undefined) {
      throw new Error('The extension host ended before the tests did.');
    }
    return { ...stats, exitCode: code };
  } catch (error) {
    const serverLog = (await readFile(server.logFile, 'utf8')).trimEnd().split('\n').slice(-15);
    const shown = [...consoleLines.slice(-15), ...serverLog].map((line) => `  ${line.slice(0, 500)}`);
    throw new Error(
      `${error instanceof Error ? error.message : String(error)} Last lines:\n${shown.join('\n')}`,
      {
        cause: error,
      },
    );
  } finally {
    watch.end();
    await browser.close();
    await server.stop();
    report.close();
    await rm(dataDir, { recursive: true, force: true });
    process.off('exit', removeNow);
  }
}

function hostTestUrl(origin: string, workspace: string, testsPath: string): string {
  // The authority must be the one in the browser, or the workbench opens a second connection.
  const remote = (path: string): string => `vscode-remote://${new URL(origin).host}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(repoRoot)],
    ['extensionTestsPath', remote(testsPath)],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  return `${origin}/?${query.toString()}`;
}

interface ReportServer {
  port: number;
  stats(): { passed: number; failed: number } | undefined;
  close(): void;
}

function openReport(onLine: (line: v.InferOutput<typeof reportLine>) => void): Promise<ReportServer> {
  let stats: { passed: number; failed: number } | undefined;
  const server: Server = createServer((socket) => {
    createInterface({ input: socket }).on('line', (text) => {
      const line = v.parse(reportLine, JSON.parse(text));
      if ('stats' in line) {
        stats = line.stats;
      }
      onLine(line);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('The report port has no number.'));
        return;
      }
      resolve({ port: address.port, stats: () => stats, close: () => server.close() });
    });
  });
}

/** Rejects if nothing was received for the given time, because a host that hangs never ends on its own. */
function silenceWatch(limitMs: number): { heard(): void; end(): void; tooQuiet: Promise<never> } {
  let reject: (error: Error) => void = () => undefined;
  const tooQuiet = new Promise<never>((_, fail) => {
    reject = fail;
  });
  // Without this, a rejection after the end of the run would be unhandled.
  tooQuiet.catch(() => undefined);
  const start = (): NodeJS.Timeout =>
    setTimeout(() => reject(new Error(`The extension host said nothing for ${limitMs / 1000} s.`)), limitMs);
  let timer = start();
  return {
    tooQuiet,
    heard: () => {
      clearTimeout(timer);
      timer = start();
    },
    end: () => clearTimeout(timer),
  };
}
