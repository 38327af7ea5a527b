import type { JsonObject } from '../json/json';

/** One state of a document: a text, and the document as the server had it when that text was made. */
export interface Revision {
  readonly base: JsonObject;
  readonly text: string;
  /** Milliseconds since the epoch. A revision that replaces another one in an editor has a later one. */
  readonly mtime: number;
}

/** What a save leaves: the document as the server has it, as it was saved, and the text for both. */
export interface SavedRevision {
  readonly base: JsonObject;
  readonly mine: JsonObject;
  readonly text: string;
}

/** How many revisions an editor may be behind. Text of an older one counts as edited, which is the safe side. */
const maxAnnounced = 8;

/**
 * Which revision the text of an editor was made from.
 *
 * Texts decide this, never flags: VS Code calls a document saved although something was typed meanwhile. A text that
 * equals that of a revision shows that revision, and any other one was made from the revision that was shown last.
 * So a save never compares a text with a base that is newer than it, which would undo what somebody else changed.
 *
 * - *shown*: nothing is announced; `stat` and `readFile` answer what the editor shows.
 * - *announced*: VS Code was told of newer revisions and has not shown the last one yet. Typing withdraws them.
 * - *saved*: the server holds a saved text in another form, which is announced once VS Code knows that the save is over.
 */
export class Revisions {
  #shown: Revision;
  #announced: readonly Revision[] = [];
  #saved: Omit<Revision, 'mtime'> | undefined;
  /** The base of the text of the file, where the editor's own text was made from another one. */
  #fileBase: JsonObject | undefined;

  constructor(first: Revision) {
    this.#shown = first;
  }

  /** What the editor's text was made from. */
  get shown(): Revision {
    return this.#shown;
  }

  /** What `stat` and `readFile` answer. */
  get current(): Revision {
    return this.#announced.at(-1) ?? this.#shown;
  }

  /** The revision that a text of the editor was made from. */
  of(text: string): Revision {
    return this.#announced.findLast((revision) => sameText(revision.text, text)) ?? this.#shown;
  }

  /** Whether a text of the editor is that of no revision. */
  isEdited(text: string): boolean {
    return ![this.#shown, ...this.#announced].some((revision) => sameText(revision.text, text));
  }

  /**
   * Takes notice of what the editor shows.
   *
   * @param isDirty whether VS Code would keep this text when a newer one is announced. May be wrong where it is false.
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

  /** Replaces what an editor without edits shows. @returns whether the text is another one. */
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
   * Sets what the editor's text counts as made from. The text itself stays, and so does the time that `stat` answers:
   * VS Code refuses to save over a newer file.
   *
   * @param text what the file says from now on, for *Revert File*; absent: what it said before
   * @param textBase what that text was made from
   */
  rebase(base: JsonObject, text?: string, textBase = base): void {
    this.#shown = { ...this.#shown, base, text: text ?? this.#shown.text };
    this.#fileBase = text === undefined ? undefined : textBase;
    this.#announced = [];
    this.#saved = undefined;
  }

  /**
   * Makes the file newer than what an editor shows that came back to the text of before {@link rebase} without reading
   * the file, as *Undo* does. @returns whether VS Code must read it.
   */
  overtake(text: string): boolean {
    if (!this.#fileBase || sameText(text, this.#shown.text)) {
      return false;
    }
    this.#shown = { base: this.#fileBase, text: this.#shown.text, mtime: later(this.#shown) };
    this.#fileBase = undefined;
    return true;
  }

  /** Takes over a save of a text that the editor had. What was typed since then was typed into that text. */
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

  /** Announces the server's form of what was saved, unless the editor has other text by now. @returns whether it did. */
  settle(text: string): boolean {
    const saved = this.#saved;
    this.#saved = undefined;
    return saved !== undefined && !this.isEdited(text) && this.announce(saved.base, saved.text);
  }
}

function later({ mtime }: Revision): number {
  return Math.max(Date.now(), mtime + 1);
}

/** Line ends are the editor's own business. */
function sameText(one: string, other: string): boolean {
  return one === other || withLineFeeds(one) === withLineFeeds(other);
}

function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
