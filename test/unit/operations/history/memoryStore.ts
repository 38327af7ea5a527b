import type { HistoryStore } from '../../../../src/operations/history/history';

/** A store in memory, by connection and name. */
export class MemoryStore implements HistoryStore {
  readonly texts = new Map<string, Map<string, string>>();
  /** Thrown by the next write. */
  failure: Error | undefined;

  /** @param onWrite called after each write */
  constructor(private readonly onWrite: () => unknown = () => undefined) {}

  async write(connectionId: string, name: string, text: string): Promise<void> {
    const { failure } = this;
    this.failure = undefined;
    if (failure) {
      throw failure;
    }
    this.of(connectionId).set(name, text);
    this.onWrite();
  }

  async read(connectionId: string, name: string): Promise<string | undefined> {
    return this.of(connectionId).get(name);
  }

  async names(connectionId: string): Promise<readonly string[]> {
    return [...this.of(connectionId).keys()];
  }

  async remove(connectionId: string, name: string): Promise<void> {
    this.of(connectionId).delete(name);
  }

  async removeConnection(connectionId: string): Promise<void> {
    this.texts.delete(connectionId);
  }

  /** Everything in the store, as one text. */
  get allText(): string {
    return [...this.texts.values()].flatMap((texts) => [...texts.values()]).join('\n');
  }

  private of(connectionId: string): Map<string, string> {
    const texts = this.texts.get(connectionId) ?? new Map<string, string>();
    this.texts.set(connectionId, texts);
    return texts;
  }
}
