import { PostHogError } from './errors';
import type { Page } from './models';

/** Pages that are read of one list. No list of any PostHog has more; what a server sends can go on for ever. */
export const MAX_PAGES = 200;

/** Goes through the pages of one list, and stops where going on would bring nothing. */
class PageWalk {
  readonly #seen = new Set<string | number>();
  #pages = 0;
  #cut: 'repeats' | 'too-long' | undefined;

  /** Why the list was left before its end. */
  get cut(): 'repeats' | 'too-long' | undefined {
    return this.#cut;
  }

  /**
   * Takes in a page.
   *
   * @param ids of the rows on it, as far as they could be read.
   * @returns where to go on; undefined at the end, or where the walk stops.
   */
  next(page: Pick<Page<unknown>, 'nextOffset'>, ids: readonly (string | number)[]): number | undefined {
    const known = this.#seen.size;
    ids.forEach((id) => this.#seen.add(id));
    this.#pages += 1;
    if (page.nextOffset === undefined) {
      return undefined;
    }
    if (ids.length > 0 && this.#seen.size === known) {
      this.#cut = 'repeats';
    } else if (this.#pages >= MAX_PAGES) {
      this.#cut = 'too-long';
    }
    return this.#cut === undefined ? page.nextOffset : undefined;
  }
}

/**
 * All items of a list, page by page.
 *
 * @param read a page from an offset on.
 * @param onCut called when the list is left before its end; without it, that is a failure.
 * @throws PostHogError `unexpected-answer` for a list that does not end.
 */
export async function* itemsOf<T extends { id: string | number }>(
  read: (offset: number) => Promise<Page<T>>,
  onCut?: () => void,
): AsyncGenerator<T> {
  const walk = new PageWalk();
  for (let offset: number | undefined = 0; offset !== undefined;) {
    const page: Page<T> = await read(offset);
    yield* page.items;
    offset = walk.next(
      page,
      page.items.map(({ id }) => id),
    );
  }
  if (walk.cut !== undefined) {
    if (onCut === undefined) {
      throw endless(walk.cut);
    }
    onCut();
  }
}

const endless = (cut: 'repeats' | 'too-long'): PostHogError =>
  new PostHogError({
    kind: 'unexpected-answer',
    what: 'A list of the server does not end.',
    why: cut === 'repeats' ? 'It sends the same rows again.' : `Only the first ${MAX_PAGES} pages were read.`,
    remedy: 'Check the address of the connection.',
  });
