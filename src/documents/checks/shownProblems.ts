import type { DocumentProblem } from '../../json/parse';

type Shown =
  | { readonly kind: 'none' }
  /** What the last check found; the next one replaces it. */
  | { readonly kind: 'found'; readonly problems: readonly DocumentProblem[] }
  /** Why a save was rejected: shown until the text changes, and not replaced by checks. */
  | { readonly kind: 'refused'; readonly problems: readonly DocumentProblem[] };

const none: Shown = { kind: 'none' };

/** The problems shown in one document, and its next check. */
export class ShownProblems {
  #shown: Shown = none;
  #timer: NodeJS.Timeout | undefined;

  /** What is shown now. */
  get all(): readonly DocumentProblem[] {
    return this.#shown.kind === 'none' ? [] : this.#shown.problems;
  }

  /** Whether the reasons for a rejected save are shown. */
  get isRefusal(): boolean {
    return this.#shown.kind === 'refused';
  }

  /** Schedules a check after a delay, replacing any pending one. */
  checkIn(restMs: number, check: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(check, restMs);
  }

  /** The result of a check. */
  find(problems: readonly DocumentProblem[]): void {
    this.#shown = problems.length > 0 ? { kind: 'found', problems } : none;
  }

  /** Shows why a save was rejected, and drops any pending check. */
  refuse(problems: readonly DocumentProblem[]): void {
    clearTimeout(this.#timer);
    this.#shown = { kind: 'refused', problems };
  }

  /** The text changed: from now on, a check can replace the reasons for a rejected save. */
  edit(): void {
    if (this.#shown.kind === 'refused') {
      this.#shown = { ...this.#shown, kind: 'found' };
    }
  }

  /** A save was accepted; a pending check still runs. */
  accept(): void {
    this.#shown = none;
  }

  /** Stops showing problems of the document. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#shown = none;
  }
}
