/**
 * What the lower half of the house needs of the platform it runs on. VS Code's own types fit these; a terminal brings
 * its own.
 */

/** Something to be let go of. */
export interface Disposable {
  dispose(): void;
}

/** Subscribes a listener until the returned thing is disposed of. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** Where technical details go. No key, no body and no value ever does. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(error: string | Error): void;
}

/** Values that outlive the process and hold no secret. */
export interface Memento {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** The one place for keys. Reading can fail: the keyring of the system may be locked. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  /** Fires with the name of a secret that was changed, also by another window. */
  readonly onDidChange: Event<{ readonly key: string }>;
}

/** Lets time pass. */
export interface Clock {
  /** Resolves later, and keeps no process alive for it; rejects when the signal ends it. */
  delay(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** Becomes true when the person cancels, and says so. */
export interface CancellationToken {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: Event<unknown>;
}
