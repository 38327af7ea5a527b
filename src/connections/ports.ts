/**
 * What the lower layers need from the platform they run on. VS Code's own types are compatible; the command line has
 * its own.
 */

/** Something to dispose of. */
export interface Disposable {
  dispose(): void;
}

/** Subscribes a listener until the returned object is disposed. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** Where technical details go; never a key, a body, or a value. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(error: string | Error): void;
}

/** Persistent values without secrets. */
export interface Memento {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** The only place for keys. Reading can fail: the system's keyring may be locked. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  /** Fires with the name of a changed secret, even if another window changed it. */
  readonly onDidChange: Event<{ readonly key: string }>;
}

/** Waits. */
export interface Clock {
  /** Resolves later without keeping the process alive; rejects if the signal is aborted. */
  delay(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** Reports whether and when the user cancels. */
export interface CancellationToken {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: Event<unknown>;
}
