import { Canceled } from '../connections/failures';
import type { Page, PageRequest } from '../posthog/models';
import { MAX_PAGES } from '../posthog/maxPages';

/** A page as a list accepts it. Lists that don't come from a single request have more to say. */
export interface ListPage<T> extends Page<T> {
  /** Environments that the key is limited to but can't access. */
  refused?: readonly number[];
  /** How many of the key's environments weren't requested. */
  left?: number;
}

/** What was loaded of a list so far. It is replaced, never changed, so that a failure leaves it intact. */
interface Reading<T> {
  readonly items: ReadonlyMap<string, T>;
  readonly nextOffset: number | undefined;
  readonly total: number;
  readonly pages: number;
  readonly unreadable: number;
  /** The last loaded item, if it is certain to precede the next page. */
  readonly lastId: string | undefined;
  readonly cut: 'too-long' | 'does-not-follow' | undefined;
  readonly refused: readonly number[];
  readonly left: number;
}

const nothing: Reading<never> = {
  items: new Map<string, never>(),
  nextOffset: 0,
  total: 0,
  pages: 0,
  unreadable: 0,
  lastId: undefined,
  cut: undefined,
  refused: [],
  left: 0,
};

/**
 * A list that is loaded page by page. It is complete, or says that it isn't. Nothing is loaded before {@link load}, and
 * what was loaded is kept until {@link refresh}.
 */
export class PagedList<T extends { readonly id: string }> {
  #reading: Reading<T> = nothing;
  #controller = new AbortController();
  #loading: Promise<void> | undefined;
  #loadingMore: Promise<void> | undefined;
  #failure: unknown;
  #refreshes = 0;
  #hasEnded = false;

  /**
   * @param read loads a page; receives how often the list was refreshed. Items with the same ID are the same item.
   * @param pageSize items in one page
   */
  constructor(
    private readonly read: (
      page: PageRequest,
      signal: AbortSignal,
      refreshes: number,
    ) => Promise<ListPage<T>>,
    private readonly pageSize: () => number,
  ) {}

  /** What was loaded so far. */
  get items(): readonly T[] {
    return [...this.#reading.items.values()];
  }

  /** How many there are on the server. */
  get total(): number {
    return this.#reading.total;
  }

  /** Whether there are more pages. */
  get hasMore(): boolean {
    return this.#reading.nextOffset !== undefined;
  }

  /** Why the list ended early; undefined if it didn't. */
  get cut(): 'too-long' | 'does-not-follow' | undefined {
    return this.#reading.cut;
  }

  /** How many items couldn't be parsed. */
  get unreadable(): number {
    return this.#reading.unreadable;
  }

  get refused(): readonly number[] {
    return this.#reading.refused;
  }

  get left(): number {
    return this.#reading.left;
  }

  /** Why the next page failed to load; the items so far stay. Cleared when it is retried. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Aborted by the next {@link refresh}: requests for the items depend on it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Loads the first page, or, after a refresh, as many items as before. Concurrent calls wait for the same result. */
  async load(): Promise<void> {
    if (!this.#loading) {
      const { signal } = this;
      const loading = this.#readUpTo(this.#reading.items.size, signal).then((reading) =>
        this.#take(reading, signal),
      );
      this.#loading = loading;
      loading.catch(() => {
        // The caller shows the reason; the next call must retry.
        if (this.#loading === loading) {
          this.#loading = undefined;
        }
      });
    }
    return this.#loading;
  }

  /**
   * Loads the list like {@link load}, except that a refresh in the meantime doesn't reject: the result is then what that
   * refresh asks for.
   * @throws Canceled if the list has ended
   */
  async loadLatest(): Promise<void> {
    const { signal } = this;
    try {
      await this.load();
    } catch (error) {
      if (!signal.aborted || this.#hasEnded) {
        throw error;
      }
      await this.loadLatest();
    }
  }

  /** Loads the next page. Concurrent calls wait for the same page. */
  loadMore(): Promise<void> {
    const loading = (this.#loadingMore ??= this.#appendNext(this.signal).finally(() => {
      if (this.#loadingMore === loading) {
        this.#loadingMore = undefined;
      }
    }));
    return loading;
  }

  /** Loads the list to its end, or to where it is cut off. */
  async loadAll(): Promise<void> {
    await this.load();
    while (this.hasMore) {
      await this.loadMore();
    }
  }

  /** Resolves when nothing is being loaded, even if it failed. @returns whether the list is loaded */
  async settled(): Promise<boolean> {
    await this.#loadingMore?.catch(() => undefined);
    return (
      (await this.#loading?.then(
        () => true,
        () => false,
      )) ?? false
    );
  }

  /** Marks the list to be reloaded, and aborts requests for it. */
  refresh(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#loading = undefined;
    this.#loadingMore = undefined;
    this.#failure = undefined;
    this.#refreshes += 1;
  }

  /** Aborts requests for the list, which is no longer used. */
  end(): void {
    this.#hasEnded = true;
    this.refresh();
  }

  async #appendNext(signal: AbortSignal): Promise<void> {
    const before = this.#reading;
    const { nextOffset, items } = before;
    this.#failure = undefined;
    if (nextOffset === undefined) {
      return;
    }
    try {
      const { reading, follows } = await this.#append(before, nextOffset, signal);
      // Items were removed in the meantime, so the next page starts too late: reload the list up to here.
      this.#take(follows ? reading : await this.#readUpTo(items.size + 1, signal), signal);
    } catch (error) {
      if (!signal.aborted) {
        this.#failure = error;
      }
      throw error;
    }
  }

  #take(reading: Reading<T>, signal: AbortSignal): void {
    if (signal.aborted) {
      throw new Canceled();
    }
    this.#reading = reading;
  }

  /** Loads the list from its start, page by page, until it has enough items or ends. */
  async #readUpTo(count: number, signal: AbortSignal): Promise<Reading<T>> {
    let reading: Reading<T> = nothing;
    do {
      const next = await this.#append(reading, reading.nextOffset ?? 0, signal);
      reading = next.follows ? next.reading : cutShort(next.reading, 'does-not-follow');
    } while (reading.nextOffset !== undefined && reading.items.size < count);
    return reading;
  }

  /**
   * Adds a page. It is requested with the last known item as its first one, to detect whether the list has moved.
   *
   * @returns whether the page follows the items before it; otherwise, items in between may be missing
   */
  async #append(
    before: Reading<T>,
    offset: number,
    signal: AbortSignal,
  ): Promise<{ reading: Reading<T>; follows: boolean }> {
    const overlap = offset > 0 && before.lastId !== undefined ? 1 : 0;
    const request = { offset: offset - overlap, limit: this.pageSize() + overlap };
    const page = await this.read(request, signal, this.#refreshes);
    if (signal.aborted) {
      throw new Canceled(); // The items belong to the load that came after this one.
    }
    const items = new Map(before.items);
    // Items shift between pages if something is added in the meantime: the same item twice counts once.
    for (const item of page.items) {
      items.set(item.id, items.get(item.id) ?? item);
    }
    const pages = before.pages + 1;
    const reading: Reading<T> = {
      items,
      nextOffset: page.nextOffset,
      total: page.total,
      pages,
      unreadable: before.unreadable + page.unreadable,
      lastId: page.unreadable === 0 ? page.items.at(-1)?.id : undefined,
      cut: before.cut,
      refused: page.refused ?? before.refused,
      left: page.left ?? before.left,
    };
    const follows = overlap === 0 || page.items[0]?.id === before.lastId;
    if (page.nextOffset === undefined) {
      return { reading, follows };
    }
    if (pages >= MAX_PAGES) {
      return { reading: cutShort(reading, 'too-long'), follows };
    }
    const isStuck = offset > 0 && items.size === before.items.size;
    return { reading: isStuck ? cutShort(reading, 'does-not-follow') : reading, follows };
  }
}

/** The list, ended early. */
const cutShort = <T>(reading: Reading<T>, cut: 'too-long' | 'does-not-follow'): Reading<T> => ({
  ...reading,
  cut: reading.cut ?? cut,
  nextOffset: undefined,
});
