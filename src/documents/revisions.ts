import type { JsonObject } from '../json/json';

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

/**
 * Tracks which revision an editor's text is based on.
 *
 * Only texts decide this, not flags: VS Code reports a document as saved even if something was typed meanwhile. Text
 * that equals a revision's shows that revision; any other text is based on the revision that was shown last. So a save
 * never compares a text with a newer base, which would undo someone else's changes.
 *
 * - *shown*: nothing is announced; `stat` and `readFile` return what the editor shows.
 * - *announced*: VS Code knows of newer revisions but doesn't show the latest one yet. Typing withdraws them.
 * - *saved*: the server normalized the saved text; its form is announced once VS Code has finished the save.
 */
export class Revisions {
  #shown: Revision;
  #announced: readonly Revision[] = [];
  #saved: Omit<Revision, 'mtime'> | undefined;
  /** The base of the file's text, if the editor's own text has a different one. */
  #fileBase: JsonObject | undefined;

  constructor(first: Revision) {
    this.#shown = first;
  }

  /** The revision the editor's text is based on. */
  get shown(): Revision {
    return this.#shown;
  }

  /** What `stat` and `readFile` return. */
  get current(): Revision {
    return this.#announced.at(-1) ?? this.#shown;
  }

  /** The revision that a text of the editor is based on. */
  of(text: string): Revision {
    return this.#announced.findLast((revision) => sameText(revision.text, text)) ?? this.#shown;
  }

  /** Whether a text of the editor matches no revision. */
  isEdited(text: string): boolean {
    return ![this.#shown, ...this.#announced].some((revision) => sameText(revision.text, text));
  }

  /**
   * Records what the editor shows.
   *
   * @param isDirty whether VS Code would keep this text when a newer one is announced; `false` may be wrong
   */
  see(text: string, isDirty: boolean): void {
    if (this.#fileBase && sameText(text, this.#shown.text)) {
      this.#shown = { ...this.#shown, base: this.#fileBase };
      this.#fileBase = undefined;
    }
    const index = this.#announced.findLastIndex((revision) => sameText(revision.text, text));
    const revision = this.#announced[index];
    if (revision) {
      this.#shown = revision;
      this.#announced = this.#announced.slice(index + 1);
    }
    if (isDirty || this.isEdited(text)) {
      this.#announced = [];
    }
  }

  /** Replaces what an editor without edits shows. @returns whether the text differs */
  announce(base: JsonObject, text: string): boolean {
    this.#saved = undefined;
    this.#fileBase = undefined;
    const { current } = this;
    const isOther = current.text !== text;
    const next = { base, text, mtime: isOther ? later(current) : current.mtime };
    if (this.#announced.length === 0 && !isOther) {
      this.#shown = next;
    } else {
      this.#announced = [...(isOther ? this.#announced : this.#announced.slice(0, -1)), next].slice(
        -maxAnnounced,
      );
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
    this.#fileBase = text === undefined ? undefined : textBase;
    this.#announced = [];
    this.#saved = undefined;
  }

  /**
   * Makes the file newer than an editor that returned to the text from before {@link rebase} without reading the file,
   * as *Undo* does. @returns whether VS Code must read it
   */
  overtake(text: string): boolean {
    if (!this.#fileBase || sameText(text, this.#shown.text)) {
      return false;
    }
    this.#shown = { base: this.#fileBase, text: this.#shown.text, mtime: later(this.#shown) };
    this.#fileBase = undefined;
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
    this.#announced = [];
    this.#fileBase = undefined;
    this.#saved = isConfirmed ? undefined : { base, text };
  }

  /** The server's form of the saved text, if the editor still has that text and doesn't show it yet. */
  unsettled(text: string): Omit<Revision, 'mtime'> | undefined {
    return this.#saved && !this.isEdited(text) ? this.#saved : undefined;
  }

  /** Announces the server's form of the saved text, unless the editor has other text by now. @returns whether it did */
  settle(text: string): boolean {
    const saved = this.#saved;
    this.#saved = undefined;
    return saved !== undefined && !this.isEdited(text) && this.announce(saved.base, saved.text);
  }
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
