/** What is at an address. */
type Content<State> =
  | { readonly kind: 'loading'; readonly pending: Promise<State> }
  | { readonly kind: 'open'; readonly state: State }
  /** Loading failed, or the editor was closed: the next caller loads it again. */
  | { readonly kind: 'gone' };

/** What becomes of the saves of a document. */
type Saves =
  | { readonly kind: 'none' }
  /** The last one that began; those before it come first. */
  | { readonly kind: 'saving'; readonly end: Promise<void>; readonly again: AbortController }
  /** The last one was refused, and that is yet to be shown. */
  | { readonly kind: 'refused'; readonly again: AbortController };

/**
 * All that is known of a document that VS Code has asked for, in one object. Its state has two parts, because either
 * changes without the other: VS Code also saves a document that couldn't be loaded, and an editor can be closed and
 * opened again during a save. Every combination occurs, except for `gone` with `none`: such a document is dropped.
 */
interface Slot<State> {
  content: Content<State>;
  saves: Saves;
}

const gone = { kind: 'gone' } as const;
const none = { kind: 'none' } as const;

/** One save of a document. */
export interface SaveTurn {
  /**
   * The save was refused.
   *
   * @param show shows why, a moment later: not if the document is saved again by then. Resolves when it's shown
   */
  refuse(show: (again: AbortSignal) => Promise<void>): void;
}

/** All documents by address. */
export class DocumentSlots<State> {
  readonly #slots = new Map<string, Slot<State>>();

  /** The state of a loaded document. */
  peek(key: string): State | undefined {
    const content = this.#slots.get(key)?.content;
    return content?.kind === 'open' ? content.state : undefined;
  }

  /** The states of all loaded documents. */
  open(): readonly State[] {
    return [...this.#slots.values()].flatMap(({ content }) =>
      content.kind === 'open' ? [content.state] : [],
    );
  }

  /** The state of a document, which all callers load only once. If that fails, the next caller tries again. */
  load(key: string, load: () => Promise<State>): Promise<State> {
    const slot = this.#slot(key);
    if (slot.content.kind === 'open') {
      return Promise.resolve(slot.content.state);
    }
    if (slot.content.kind === 'loading') {
      return slot.content.pending;
    }
    const pending = load().finally(() => {
      if (slot.content === loading) {
        slot.content = gone;
        this.#dropIfOver(key, slot);
      }
    });
    const loading = { kind: 'loading', pending } as const;
    if (this.peek(key) === undefined) {
      slot.content = loading;
    }
    return pending;
  }

  /** A document was loaded. */
  put(key: string, state: State): void {
    this.#slot(key).content = { kind: 'open', state };
  }

  /** The editor of a loaded document was closed. */
  close(key: string): void {
    const slot = this.#slots.get(key);
    if (slot?.content.kind === 'open') {
      slot.content = gone;
      this.#dropIfOver(key, slot);
    }
  }

  /** Saves a document once its earlier saves are over: each compares with the base that the one before it left. */
  async save(key: string, save: (turn: SaveTurn) => Promise<void>): Promise<void> {
    const slot = this.#slot(key);
    const before = slot.saves;
    let shown: Promise<void> | undefined;
    const again = new AbortController();
    const turn: SaveTurn = {
      refuse: (show) => {
        shown = show(again.signal);
      },
    };
    const previous = before.kind === 'saving' ? before.end.catch(() => undefined) : Promise.resolve();
    const saving = { kind: 'saving', end: previous.then(() => save(turn)), again } as const;
    if (before.kind !== 'none') {
      before.again.abort();
    }
    slot.saves = saving;
    try {
      await saving.end;
    } finally {
      if (slot.saves === saving) {
        const refused = { kind: 'refused', again } as const;
        slot.saves = shown ? refused : none;
        void shown?.then(() => {
          if (slot.saves === refused) {
            slot.saves = none;
            this.#dropIfOver(key, slot);
          }
        });
        this.#dropIfOver(key, slot);
      }
    }
  }

  #slot(key: string): Slot<State> {
    const slot = this.#slots.get(key) ?? { content: gone, saves: none };
    this.#slots.set(key, slot);
    return slot;
  }

  #dropIfOver(key: string, { content, saves }: Slot<State>): void {
    if (content.kind === 'gone' && saves.kind === 'none') {
      this.#slots.delete(key);
    }
  }
}
