import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { installOnce } from './install';
import { repoRoot, vscodeTestDir } from './paths';

/** A way to start Chromium: options for Playwright's launch. */
interface BrowserChoice {
  executablePath?: string;
  channel?: string;
  env?: Record<string, string>;
}

/**
 * Starts a headless Chromium: on Linux x64, the one in the package @sparticuz/chromium, which needs no installation;
 * elsewhere, an installed Chrome or Edge, or else Playwright's own download.
 * @throws Error with what was tried
 */
export async function launchBrowser(): Promise<Browser> {
  const choices = await browserChoices();
  const tried: string[] = [];
  for (const choice of choices) {
    try {
      return await chromium.launch({
        headless: true,
        // Chromium's own sandbox doesn't work for root, which most containers use.
        chromiumSandbox: false,
        args: ['--disable-dev-shm-usage', '--disable-gpu'],
        ...(choice.executablePath === undefined ? {} : { executablePath: choice.executablePath }),
        ...(choice.channel === undefined ? {} : { channel: choice.channel }),
        ...(choice.env === undefined ? {} : { env: choice.env }),
      });
    } catch (error) {
      tried.push(firstLine(error));
    }
  }
  throw new Error(
    `No Chromium could be started. Install Chrome, Chromium or Edge, or run "npx playwright-core install chromium". Tried:\n${tried.join('\n')}`,
  );
}

async function browserChoices(): Promise<BrowserChoice[]> {
  const installed: BrowserChoice[] = [
    ...['chrome', 'msedge'].map((channel) => ({ channel })),
    ...['/usr/bin/chromium', '/usr/bin/chromium-browser']
      .filter(existsSync)
      .map((executablePath) => ({ executablePath })),
    {},
  ];
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return installed;
  }
  return [await packagedChromium(), ...installed];
}

/** Unpacks Chromium from @sparticuz/chromium once, and finds out what this machine lacks to run it. */
async function packagedChromium(): Promise<BrowserChoice> {
  const home = join(vscodeTestDir, 'chromium');
  await installOnce(home, unpackChromium);
  const executablePath = join(home, 'chromium');
  const env = {
    ...definedEnvironment(),
    ...(existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: join(home, 'fonts') }),
  };
  const libraries = [join(home, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return {
    executablePath,
    env: (await runsWith(executablePath, env)) ? env : { ...env, LD_LIBRARY_PATH: libraries },
  };
}

/**
 * The package unpacks to the temporary folder of its process, and its libraries only if it believes that it runs on
 * Lambda, so it runs in its own process with both set.
 */
async function unpackChromium(target: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      "import chromium from '@sparticuz/chromium'; await chromium.executablePath();",
    ],
    {
      cwd: repoRoot,
      env: { ...process.env, TMPDIR: target, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) {
    throw new Error(`Unpacking Chromium from @sparticuz/chromium failed with exit code ${code ?? 'none'}.`);
  }
}

/** Whether the program starts with the shared libraries of this machine. */
async function runsWith(executablePath: string, env: Record<string, string>): Promise<boolean> {
  try {
    await promisify(execFile)(executablePath, ['--version'], { env });
    return true;
  } catch {
    // The loader reported a missing library (usually libnss3), so the caller adds the packaged ones.
    return false;
  }
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
