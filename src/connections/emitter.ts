import type { Disposable, Event } from './ports';

/** The source of an {@link Event}. Listeners are called in the order in which they subscribed. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ readonly call: (value: T) => unknown }>();

  readonly event: Event<T> = (call) => {
    const entry = { call };
    this.#listeners.add(entry);
    return { dispose: () => this.#listeners.delete(entry) };
  };

  /** Calls every listener. One that throws stops neither the others nor the caller. */
  fire(value: T): void {
    for (const { call } of [...this.#listeners]) {
      try {
        call(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error; // A bug, for the process to report.
        });
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
