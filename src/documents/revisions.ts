import { jsonEquals, type JsonObject } from '../json/json';

/** One state of a document: a text, and the server's document when that text was created. */
export interface Revision {
  readonly base: JsonObject;
  readonly text: string;
  /** Milliseconds since the epoch. A revision that replaces another one in an editor has a later time. */
  readonly mtime: number;
}

/** The result of a save: the server's document, the saved document, and the text of each. */
export interface SavedRevision {
  readonly base: JsonObject;
  readonly mine: JsonObject;
  readonly text: string;
}

/** How many revisions an editor can be behind. Text of an older revision counts as edited, to be safe. */
const maxAnnounced = 8;

/** Revisions that VS Code hasn't picked up yet. */
type Pending =
  /** Nothing: `stat` and `readFile` return what the editor shows. */
  | { readonly kind: 'shown' }
  /** VS Code knows of newer revisions but doesn't show the latest one yet. Typing withdraws them. */
  | { readonly kind: 'announced'; readonly revisions: readonly [Revision, ...Revision[]] }
  /** The server normalized the saved text; its form is announced once VS Code has finished the save. */
  | { readonly kind: 'saved'; readonly next: Omit<Revision, 'mtime'> }
  /** The editor's own text has a different base than the file's text. */
  | { readonly kind: 'rebased'; readonly fileBase: JsonObject };

const nothing: Pending = { kind: 'shown' };

/**
 * Tracks which revision an editor's text is based on.
 *
 * Only texts decide this, not flags: VS Code reports a document as saved even if something was typed meanwhile. Text
 * that equals a revision's shows that revision; any other text is based on the revision that was shown last. So a save
 * never compares a text with a newer base, which would undo someone else's changes.
 */
export class Revisions {
  #shown: Revision;
  #pending: Pending = nothing;

  constructor(first: Revision) {
    this.#shown = first;
  }

  /** The revision the editor's text is based on. */
  get shown(): Revision {
    return this.#shown;
  }

  /** What `stat` and `readFile` return. */
  get current(): Revision {
    return this.announced.at(-1) ?? this.#shown;
  }

  /** The revision that a text of the editor is based on. */
  of(text: string): Revision {
    return this.announced.findLast((revision) => sameText(revision.text, text)) ?? this.#shown;
  }

  /**
   * What the server was last seen to have, to compare an editor's document with. After a partly applied save, it can have
   * values that the base doesn't: those that the user wasn't shown keep their base.
   */
  serverOf(mine: JsonObject): JsonObject {
    const { base } = this.#shown;
    if (this.#pending.kind !== 'rebased') {
      return base;
    }
    const changed = Object.entries(this.#pending.fileBase).filter(
      ([key]) => !jsonEquals(mine[key], base[key]),
    );
    return { ...base, ...Object.fromEntries(changed) };
  }

  /** Whether a text of the editor matches no revision. */
  isEdited(text: string): boolean {
    return ![this.#shown, ...this.announced].some((revision) => sameText(revision.text, text));
  }

  /** Whether a text is what the editor shows and `readFile` returns, with nothing to come. */
  isSettled(text: string): boolean {
    return this.#pending.kind === 'shown' && sameText(text, this.#shown.text);
  }

  /**
   * Records what the editor shows.
   *
   * @param isDirty whether VS Code would keep this text when a newer one is announced; `false` may be wrong
   */
  see(text: string, isDirty: boolean): void {
    const pending = this.#pending;
    if (pending.kind === 'rebased' && sameText(text, this.#shown.text)) {
      this.#shown = { ...this.#shown, base: pending.fileBase };
      this.#pending = nothing;
    } else if (pending.kind === 'announced') {
      const { revisions } = pending;
      const index = revisions.findLastIndex((revision) => sameText(revision.text, text));
      this.#shown = revisions[index] ?? this.#shown;
      this.#pending = announcing(revisions.slice(index + 1));
      if (isDirty || this.isEdited(text)) {
        this.#pending = nothing;
      }
    }
  }

  /** Replaces what an editor without edits shows. @returns whether the text differs */
  announce(base: JsonObject, text: string): boolean {
    const { announced, current } = this;
    const isOther = current.text !== text;
    const next = { base, text, mtime: isOther ? later(current) : current.mtime };
    if (announced.length === 0 && !isOther) {
      this.#shown = next;
      this.#pending = nothing;
    } else {
      const others = isOther ? announced : announced.slice(0, -1);
      this.#pending = announcing([...others, next].slice(-maxAnnounced));
    }
    return isOther;
  }

  /**
   * Sets the base of the editor's text. The text stays, and so does the time that `stat` returns: VS Code refuses to
   * save over a newer file.
   *
   * @param text the file's text from now on, for *Revert File*; unchanged if absent
   * @param textBase the base of that text
   */
  rebase(base: JsonObject, text?: string, textBase = base): void {
    this.#shown = { ...this.#shown, base, text: text ?? this.#shown.text };
    this.#pending = text === undefined ? nothing : { kind: 'rebased', fileBase: textBase };
  }

  /**
   * Makes the file newer than an editor that returned to the text from before {@link rebase} without reading the file,
   * as *Undo* does. @returns whether VS Code must read it
   */
  overtake(text: string): boolean {
    if (this.#pending.kind !== 'rebased' || sameText(text, this.#shown.text)) {
      return false;
    }
    const { fileBase } = this.#pending;
    this.#shown = { base: fileBase, text: this.#shown.text, mtime: later(this.#shown) };
    this.#pending = nothing;
    return true;
  }

  /** Adopts the save of a text that the editor had. Anything typed since then is based on that text. */
  save(content: string, { base, mine, text }: SavedRevision): void {
    const { current } = this;
    const isConfirmed = text === content;
    this.#shown = {
      base: isConfirmed ? base : mine,
      text: content,
      mtime: current.text === content ? current.mtime : later(current),
    };
    this.#pending = isConfirmed ? nothing : { kind: 'saved', next: { base, text } };
  }

  /** The server's form of the saved text, if the editor still has that text and doesn't show it yet. */
  unsettled(text: string): Omit<Revision, 'mtime'> | undefined {
    return this.#pending.kind === 'saved' && !this.isEdited(text) ? this.#pending.next : undefined;
  }

  /** Announces the server's form of the saved text, unless the editor has other text by now. @returns whether it did */
  settle(text: string): boolean {
    const pending = this.#pending;
    if (pending.kind !== 'saved') {
      return false;
    }
    this.#pending = nothing;
    return !this.isEdited(text) && this.announce(pending.next.base, pending.next.text);
  }

  private get announced(): readonly Revision[] {
    return this.#pending.kind === 'announced' ? this.#pending.revisions : [];
  }
}

function announcing([first, ...others]: readonly Revision[]): Pending {
  return first ? { kind: 'announced', revisions: [first, ...others] } : nothing;
}

function later({ mtime }: Revision): number {
  return Math.max(Date.now(), mtime + 1);
}

/** Line endings are up to the editor. */
function sameText(one: string, other: string): boolean {
  return one === other || withLineFeeds(one) === withLineFeeds(other);
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
