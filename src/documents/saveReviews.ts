import type { ReviewSubject } from '../operations/review/review';
import { SaveCancelled } from '../operations/saveRefused';
import type { Reviewed } from '../ui/reviewPrompt';

/** How long a save waits for others that began with it, so that one review is for all of them. */
const togetherMs = 2_000;

interface Waiting {
  readonly subject: ReviewSubject;
  readonly signal: AbortSignal;
  resolve(answer: Reviewed): void;
  reject(error: Error): void;
}

/** One save, from its start to its end. */
export interface SaveTicket {
  /** Puts the changes into the next review. @throws SaveCancelled when the save was canceled meanwhile */
  review(subject: ReviewSubject, signal: AbortSignal): Promise<Reviewed>;
  /** The save needs no review, or has ended. */
  pass(): void;
}

/**
 * Reviews of saves. Save All saves every document at once: what begins together is reviewed together, and reviews are
 * shown one after the other.
 */
export class SaveReviews {
  /** Saves that may still ask for a review. */
  private readonly open = new Set<SaveTicket>();
  private waiting: Waiting[] = [];
  private isShown = false;
  private timer: NodeJS.Timeout | undefined;

  /** @param ask shows a review and resolves to its answer */
  constructor(
    private readonly ask: (subjects: readonly ReviewSubject[]) => Promise<Reviewed>,
    private readonly waitMs = togetherMs,
  ) {}

  begin(): SaveTicket {
    const ticket: SaveTicket = {
      review: (subject, signal) =>
        new Promise((resolve, reject) => {
          this.open.delete(ticket);
          this.waiting.push({ subject, signal, resolve, reject });
          this.showWhenAllAreHere();
        }),
      pass: () => {
        if (this.open.delete(ticket)) {
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
    if (this.open.size === 0) {
      void this.show();
    } else {
      this.timer ??= setTimeout(() => void this.show(), this.waitMs);
    }
  }

  private async show(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const asked = this.waiting.filter(({ signal, reject }) => {
      if (signal.aborted) {
        reject(new SaveCancelled());
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
