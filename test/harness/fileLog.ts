import { appendFileSync, mkdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname } from 'node:path';

/**
 * Loaded into the VS Code server with --import, and inherited by its extension hosts. VS Code writes its logs with a
 * native module that isn't built here, because that takes a compiler. This one writes the same files, so that the logs
 * of the extension can be read, by tests and in the Output view.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@vscode/spdlog'
      ? { url: import.meta.url, format: 'module', shortCircuit: true }
      : next(specifier, context),
});

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'] as const;

/** A logger as VS Code uses it. Every line is written at once. */
class FileLogger {
  private level = 0;
  private isRaw = false;

  constructor(private readonly path: string) {}

  readonly trace = (text: string): void => this.write(0, text);
  readonly debug = (text: string): void => this.write(1, text);
  readonly info = (text: string): void => this.write(2, text);
  readonly warn = (text: string): void => this.write(3, text);
  readonly error = (text: string): void => this.write(4, text);
  readonly critical = (text: string): void => this.write(5, text);

  setLevel(level: number): void {
    this.level = level;
  }

  /** Lines come with their own time and level. */
  clearFormatters(): void {
    this.isRaw = true;
  }

  /** VS Code has one pattern only, which is that of {@link write}. */
  setPattern(): void {
    this.isRaw = false;
  }

  flush(): void {
    // Nothing waits.
  }

  drop(): void {
    // Nothing is open.
  }

  private write(level: number, text: string): void {
    if (level >= this.level) {
      const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
      appendFileSync(this.path, this.isRaw ? text : `${time} [${String(levels[level])}] ${text}\n`);
    }
  }
}

/** See {@link FileLogger}: every line is written at once. */
export function setFlushOn(): void {
  // Nothing waits.
}

/** A logger that writes to this file. */
export function createAsyncRotatingLogger(_name: string, path: string): Promise<FileLogger> {
  mkdirSync(dirname(path), { recursive: true });
  return Promise.resolve(new FileLogger(path));
}
