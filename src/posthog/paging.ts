import { PostHogError } from './errors';
import { MAX_PAGES } from './maxPages';
import type { Page } from './models';

/** Walks through the pages of a list, and stops if that gets nowhere. */
class PageWalk {
  readonly #seen = new Set<string | number>();
  #pages = 0;
  #cut: 'repeats' | 'too-long' | undefined;

  /** Why the walk stopped before the end of the list. */
  get cut(): 'repeats' | 'too-long' | undefined {
    return this.#cut;
  }

  /**
   * Adds a page.
   *
   * @param ids of its items that could be read
   * @returns where to continue; undefined at the end, or if the walk stops early
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
 * @param read reads a page from an offset
 * @param onCut called if the walk stops before the end of the list; without it, that's an error
 * @throws PostHogError `unexpected-answer` for a list that never ends
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
    what: 'A list from the server never ends.',
    why: cut === 'repeats' ? 'It repeats the same items.' : `Only the first ${MAX_PAGES} pages were read.`,
    remedy: 'Check the address of the server.',
  });
