import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startSandbox } from './index';
import type { Generation, Sandbox, SandboxOptions } from './index';
import { parseJson } from './json';

const USAGE = `usage: npm run --silent sandbox -- [--port N] [--host 127.0.0.1|localhost|::1]
  [--generation documented|current] [--scenario demo|large|empty|FILE]
  [--redirect-environments] [--environments-alias served|404|410] [--allow-key-update-schema]
  [--no-upload-routes] [--file-upload on|off] [--requests-per-minute N] [--control]
`;

class UsageError extends Error {}

function readOptions(): SandboxOptions {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      generation: { type: 'string' },
      scenario: { type: 'string', default: 'demo' },
      control: { type: 'boolean', default: false },
      'redirect-environments': { type: 'boolean', default: false },
      'allow-key-update-schema': { type: 'boolean' },
      'environments-alias': { type: 'string', default: 'served' },
      'no-upload-routes': { type: 'boolean', default: false },
      'file-upload': { type: 'string' },
      'requests-per-minute': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stderr.write(USAGE);
    process.exit(0);
  }
  const perMinute = values['requests-per-minute'];
  return {
    port: whole(values.port, '--port', 65535),
    host: readHost(values.host),
    scenario: readScenario(values.scenario),
    control: values.control,
    redirectEnvironments: values['redirect-environments'],
    ...(values['environments-alias'] === 'served'
      ? {}
      : { environmentsAlias: readAlias(values['environments-alias']) }),
    ...(values['allow-key-update-schema'] === undefined
      ? {}
      : { allowKeyUpdateSchema: values['allow-key-update-schema'] }),
    ...(values['no-upload-routes'] ? { uploadRoutes: false } : {}),
    ...(values['file-upload'] === undefined ? {} : { fileUpload: readSwitch(values['file-upload']) }),
    ...(values.generation === undefined ? {} : { generation: readGeneration(values.generation) }),
    ...(perMinute === undefined
      ? {}
      : { throttle: { perMinute: whole(perMinute, '--requests-per-minute', 1_000_000) } }),
  };
}

function whole(text: string, name: string, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(number <= max)) {
    throw new UsageError(`${name} must be an integer from 0 to ${max}, not ${text}.`);
  }
  return number;
}

function readHost(host: string): '127.0.0.1' | 'localhost' | '::1' {
  if (host !== '127.0.0.1' && host !== 'localhost' && host !== '::1') {
    throw new UsageError(`--host must be 127.0.0.1, localhost or ::1, not ${host}.`);
  }
  return host;
}

function readGeneration(text: string): Generation {
  if (text !== 'documented' && text !== 'current') {
    throw new UsageError(`--generation must be documented or current, not ${text}.`);
  }
  return text;
}

function readAlias(text: string): 404 | 410 {
  if (text !== '404' && text !== '410') {
    throw new UsageError(`--environments-alias must be served, 404 or 410, not ${text}.`);
  }
  return text === '404' ? 404 : 410;
}

function readSwitch(text: string): boolean {
  if (text !== 'on' && text !== 'off') {
    throw new UsageError(`--file-upload must be on or off, not ${text}.`);
  }
  return text === 'on';
}

function readScenario(name: string): unknown {
  if (['demo', 'large', 'empty'].includes(name)) {
    return name;
  }
  const text = readScenarioFile(name);
  try {
    return parseJson(text);
  } catch (error) {
    throw new UsageError(
      `${name} isn't valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

function readScenarioFile(name: string): string {
  try {
    return readFileSync(name, 'utf8');
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: 'file not found',
      EISDIR: "it's a folder",
      EACCES: 'permission denied',
    };
    const code = codeOf(error);
    throw new UsageError(
      `Couldn't read ${name}: ${reasons[code] ?? code}. --scenario must be demo, large, empty or a JSON file.`,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function start(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    const reasons: Record<string, string> = {
      EADDRINUSE: "it's already in use",
      EACCES: 'permission denied',
    };
    const reason = reasons[codeOf(error)];
    throw reason === undefined
      ? error
      : new Error(`Couldn't listen on port ${options.port ?? 0}: ${reason}. Use --port 0 for any free port.`);
  }
}

const PARENT_CHECK_MS = 250;

/**
 * Exits together with the `npm run` that started the process: npm sends SIGTERM only to its shell, and no event reports
 * that a parent has exited. Started any other way, the sandbox can outlive its parent.
 */
function stopWithNpm(stop: () => void): void {
  if (process.env.npm_lifecycle_event !== 'sandbox') {
    return;
  }
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      stop();
    }
  }, PARENT_CHECK_MS);
  timer.unref();
}

async function main(): Promise<void> {
  const sandbox = await start(readOptions());
  const { url, keys, generation } = sandbox;
  process.stdout.write(`${JSON.stringify({ url, keys, generation })}\n`);
  const stop = (): void => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  stopWithNpm(stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError || (error instanceof TypeError && 'code' in error)) {
    process.stderr.write(USAGE);
  }
  process.exitCode = 1;
});
