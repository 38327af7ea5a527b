import type { ReviewSubject } from '../../operations/review/review';
import { Canceled } from '../../connections/failures';
import type { Reviewed } from '../../ui/reviewPrompt';

/** How long a save waits for others that start at the same time, so that they share one review. */
const togetherMs = 2_000;
const pollMs = 25;

interface Waiting {
  readonly subject: ReviewSubject;
  readonly signal: AbortSignal;
  resolve(answer: Reviewed): void;
  reject(error: Error): void;
}

/** One save, from its start to its end. */
export interface SaveTicket {
  /** Adds the changes to the next review. @throws Canceled if the save was canceled in the meantime */
  review(subject: ReviewSubject, signal: AbortSignal): Promise<Reviewed>;
  /** The save needs no review, or has ended. */
  pass(): void;
}

/**
 * Reviews of saves. Save All saves all documents at once: saves that start together are reviewed together, and reviews
 * are shown one by one.
 */
export class SaveReviews {
  /** Saves that may still ask for a review. */
  private readonly open = new Set<SaveTicket>();
  private waiting: Waiting[] = [];
  private isShown = false;
  private timer: NodeJS.Timeout | undefined;
  /** When the review is shown, even if some saves are still missing; milliseconds since the epoch. */
  private endMs: number | undefined;
  /** Whether a background document is being saved, so that others probably follow. */
  private others = false;

  /**
   * @param ask shows a review and resolves to its answer
   * @param unsaved how many documents have unsaved changes: Save All is about to save them, too
   */
  constructor(
    private readonly ask: (subjects: readonly ReviewSubject[]) => Promise<Reviewed>,
    private readonly unsaved: () => number,
    private readonly waitMs = togetherMs,
  ) {}

  /** @param isAlone whether only this document is saved, as with Ctrl+S */
  begin(isAlone: boolean): SaveTicket {
    this.others ||= !isAlone;
    const ticket: SaveTicket = {
      review: (subject, signal) =>
        new Promise((resolve, reject) => {
          this.open.delete(ticket);
          this.waiting.push({ subject, signal, resolve, reject });
          this.showWhenAllAreHere();
        }),
      pass: () => {
        if (this.open.delete(ticket)) {
          this.others &&= this.open.size > 0 || this.waiting.length > 0;
          this.showWhenAllAreHere();
        }
      },
    };
    this.open.add(ticket);
    return ticket;
  }

  private showWhenAllAreHere(): void {
    if (this.isShown || this.waiting.length === 0) {
      return;
    }
    this.endMs ??= Date.now() + this.waitMs;
    const isComplete = this.open.size === 0 && !(this.others && this.unsaved() > this.waiting.length);
    if (isComplete || Date.now() >= this.endMs) {
      void this.show();
    } else {
      // There is no sign if a save that VS Code was about to start doesn't happen.
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.showWhenAllAreHere(), pollMs);
    }
  }

  private async show(): Promise<void> {
    clearTimeout(this.timer);
    this.endMs = undefined;
    this.others = false;
    const asked = this.waiting.filter(({ signal, reject }) => {
      if (signal.aborted) {
        reject(new Canceled());
      }
      return !signal.aborted;
    });
    this.waiting = [];
    if (asked.length === 0) {
      return;
    }
    this.isShown = true;
    try {
      const answer = await this.ask(asked.map(({ subject }) => subject));
      asked.forEach(({ resolve }) => resolve(answer));
    } catch (error) {
      asked.forEach(({ reject }) => reject(error instanceof Error ? error : new Error(String(error))));
    } finally {
      this.isShown = false;
      this.showWhenAllAreHere();
    }
  }
}
