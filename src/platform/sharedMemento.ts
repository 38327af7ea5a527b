import type { Memento } from '../connections/ports';

/**
 * The global state, as everybody in this window may use it at the same time. VS Code holds it as one object, sends the
 * whole of it at each update, and takes back what it has sent when the window confirms it (`ExtensionMemento`, 1.103 to
 * 1.139): an update that is made in between is not shown for a moment, and the next one stores the object without it.
 * Here, one update follows the other, and what waits is shown already.
 */
export class SharedMemento implements Memento {
  /** What is to be stored, by key. */
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
