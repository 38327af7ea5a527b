import type { Disposable, Event } from './ports';

/** The source of an {@link Event}. Listeners are called in the order in which they came. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<{ readonly call: (value: T) => unknown }>();

  readonly event: Event<T> = (call) => {
    const entry = { call };
    this.#listeners.add(entry);
    return { dispose: () => this.#listeners.delete(entry) };
  };

  /** Calls every listener. One that throws keeps neither the others nor the caller from going on. */
  fire(value: T): void {
    for (const { call } of [...this.#listeners]) {
      try {
        call(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error; // A mistake of ours, for whoever looks after the process.
        });
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
