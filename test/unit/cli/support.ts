import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJsonObject, parseJson, type JsonObject } from '../../../src/json/json';
import { FileBench } from '../operations/settingsFile/support';

const program = join('dist', 'cli.cjs');

/** The result of running the command line. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line while it runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A sandbox, a folder with a settings file, and the command line as a process. */
export class CliBench extends FileBench {
  #folder = '';

  override async start(): Promise<void> {
    assert.ok(existsSync(program), 'build the command line first: node esbuild.mjs --only=cli');
    await super.start();
    this.#folder = await mkdtemp(join(tmpdir(), 'posthog-cli-'));
  }

  override async stop(): Promise<void> {
    await super.stop();
    await rm(this.#folder, { recursive: true });
  }

  path(name = 'posthog.environments.json'): string {
    return join(this.#folder, name);
  }

  write(text: string, name?: string): Promise<void> {
    return writeFile(this.path(name), text);
  }

  file(name?: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  /** The environment variables of a run: the sandbox's key, and nothing from this process. */
  get env(): Record<string, string> {
    return { POSTHOG_PERSONAL_API_KEY: this.sandbox.keys.admin };
  }

  spawn(args: readonly string[], { env = this.env, input = '' } = {}): Running {
    const child = spawn(process.execPath, [join(process.cwd(), program), ...args], {
      cwd: this.#folder,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const texts = { out: '', err: '' };
    child.stdout.on('data', (data: Buffer) => (texts.out += data.toString()));
    child.stderr.on('data', (data: Buffer) => (texts.err += data.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code) => {
        const found = Object.values(this.sandbox.keys).filter((key) =>
          Object.values(texts).some((text) => text.includes(key)),
        );
        assert.deepEqual(found, [], 'a key was printed');
        resolve({ code, ...texts });
      });
    });
    return { child, ended };
  }

  run(
    args: readonly string[],
    options: { env?: Record<string, string>; input?: string } = {},
  ): Promise<Ended> {
    return this.spawn(args, options).ended;
  }

  async json(args: readonly string[]): Promise<{ code: number | null; value: JsonObject }> {
    const { code, out, err } = await this.run([...args, '--json']);
    const value = parseJson(out);
    assert.ok(isJsonObject(value), err);
    return { code, value };
  }
}
