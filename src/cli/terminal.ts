import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { printable } from './report';

/** Why a command failed, as sentences. */
export class CliError extends Error {}

/** The streams of a process. */
interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Where the command line reads and writes. */
export class Terminal {
  /** @param isJson whether standard output is for tools, so messages for people go to standard error */
  constructor(
    private readonly streams: Streams,
    private readonly isJson: boolean,
    readonly signal: AbortSignal,
  ) {}

  info(lines: readonly string[]): void {
    print(this.isJson ? this.streams.stderr : this.streams.stdout, lines);
  }

  warn(lines: readonly string[]): void {
    print(this.streams.stderr, lines);
  }

  json(value: Record<string, unknown>): void {
    if (this.isJson) {
      this.streams.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    }
  }

  /** Whether the answer is yes. The end of the input counts as no. */
  async agrees(question: string): Promise<boolean> {
    const { stdin, stderr } = this.streams;
    const reader = createInterface({ input: stdin, output: stderr, terminal: false });
    const closed = new Promise<string>((resolve) => reader.once('close', () => resolve('')));
    try {
      const asked = reader.question(`${printable(question)} [y/N] `, { signal: this.signal });
      return /^y(es)?$/i.test((await Promise.race([asked, closed])).trim());
    } catch (error) {
      if (this.signal.aborted) {
        return false;
      }
      throw error;
    } finally {
      reader.close();
    }
  }

  /** @throws CliError */
  async read(path: string): Promise<string> {
    const text = await this.readIfThere(path);
    if (text === undefined) {
      throw new CliError(`The file ${path} doesn't exist.`);
    }
    return text;
  }

  /** `undefined` if there is no such file. @throws CliError */
  async readIfThere(path: string): Promise<string | undefined> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOENT') {
        return undefined;
      }
      throw new CliError(`Couldn't read ${path} (${code}).`);
    }
  }

  /** @throws CliError */
  async write(path: string, text: string): Promise<void> {
    try {
      await writeFile(path, text);
    } catch (error) {
      throw new CliError(`Couldn't write ${path} (${codeOf(error)}).`);
    }
  }
}

const print = (stream: NodeJS.WritableStream, lines: readonly string[]): void => {
  for (const line of lines.flatMap((one) => one.split('\n'))) {
    stream.write(`${printable(line)}\n`);
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
