import type { Memento } from '../connections/ports';

/**
 * The global state, safe for concurrent use in this window. VS Code stores it as one object, sends all of it with each
 * update, and replaces it with what was sent once the window confirms (`ExtensionMemento`, 1.103 to 1.139): an update
 * in between is briefly invisible, and the next one stores the object without it. Here, updates run one after another,
 * and pending values are already visible.
 */
export class SharedMemento implements Memento {
  /** Values to store, by key. */
  private readonly waiting = new Map<string, { value: unknown }>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly memento: Memento) {}

  get(key: string): unknown {
    const waiting = this.waiting.get(key);
    return waiting ? waiting.value : this.memento.get(key);
  }

  update(key: string, value: unknown): Promise<void> {
    const entry = { value };
    this.waiting.set(key, entry);
    const done = this.turn.then(async () => {
      try {
        await this.memento.update(key, value);
      } finally {
        if (this.waiting.get(key) === entry) {
          this.waiting.delete(key);
        }
      }
    });
    this.turn = done.catch(() => undefined);
    return done;
  }
}
