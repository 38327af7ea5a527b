import { Cancelled } from '../connections/failures';
import type { Page, PageRequest } from '../posthog/models';
import { MAX_PAGES } from '../posthog/paging';

/** A page as a list takes it in. Lists that are no list of the server's have more to say about themselves. */
export interface ListPage<T> extends Page<T> {
  /** Environments that the key is limited to and may not enter. */
  refused?: readonly number[];
  /** How many environments the key names that were not asked for. */
  left?: number;
}

/** What was read of a list so far. It is replaced, never changed, so that a reading that fails leaves it as it was. */
interface Reading<T> {
  readonly items: ReadonlyMap<string, T>;
  readonly nextOffset: number | undefined;
  readonly total: number;
  readonly pages: number;
  readonly unreadable: number;
  /** The last item that came, when it is sure to be the one before the next page. */
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
 * A list that comes in pages. It is complete, or says that it is not. Nothing is read before {@link load}, and what was
 * read is kept until {@link refresh}.
 */
export class PagedList<T extends { readonly id: string }> {
  #reading: Reading<T> = nothing;
  #controller = new AbortController();
  #loading: Promise<void> | undefined;
  #loadingMore: Promise<void> | undefined;
  #failure: unknown;
  #refreshes = 0;

  /**
   * @param read reads a page, and is told how often the list was refreshed. Items of the same id are the same item.
   * @param pageSize items of one page
   */
  constructor(
    private readonly read: (
      page: PageRequest,
      signal: AbortSignal,
      refreshes: number,
    ) => Promise<ListPage<T>>,
    private readonly pageSize: () => number,
  ) {}

  /** What was read so far. */
  get items(): readonly T[] {
    return [...this.#reading.items.values()];
  }

  /** How many there are on the server in all. */
  get total(): number {
    return this.#reading.total;
  }

  /** Whether there are pages that were not read yet. */
  get hasMore(): boolean {
    return this.#reading.nextOffset !== undefined;
  }

  /** Why the list was left before its end; undefined: it was not. */
  get cut(): 'too-long' | 'does-not-follow' | undefined {
    return this.#reading.cut;
  }

  /** How many items were sent in a form that cannot be understood. */
  get unreadable(): number {
    return this.#reading.unreadable;
  }

  get refused(): readonly number[] {
    return this.#reading.refused;
  }

  get left(): number {
    return this.#reading.left;
  }

  /** Why the next page could not be had: what is there stays. Forgotten when it is tried again. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Ends with the next {@link refresh}: requests for the items belong to it. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Reads the first page, or after a refresh as many items as there were before it. Once: further calls wait for it. */
  async load(): Promise<void> {
    if (!this.#loading) {
      const { signal } = this;
      const loading = this.#readUpTo(this.#reading.items.size, signal).then((reading) =>
        this.#take(reading, signal),
      );
      this.#loading = loading;
      loading.catch(() => {
        // Whoever waits for it shows the reason; the next call has to try again.
        if (this.#loading === loading) {
          this.#loading = undefined;
        }
      });
    }
    return this.#loading;
  }

  /** Reads the next page. Called again while it is on its way, it waits for the same page. */
  loadMore(): Promise<void> {
    const loading = (this.#loadingMore ??= this.#appendNext(this.signal).finally(() => {
      if (this.#loadingMore === loading) {
        this.#loadingMore = undefined;
      }
    }));
    return loading;
  }

  /** Reads the list to its end, or to where it is cut. */
  async loadAll(): Promise<void> {
    await this.load();
    while (this.hasMore) {
      await this.loadMore();
    }
  }

  /** Resolves when nothing is being read; whether it could be had is not asked here. @returns whether it was read. */
  async settled(): Promise<boolean> {
    await this.#loadingMore?.catch(() => undefined);
    return (
      (await this.#loading?.then(
        () => true,
        () => false,
      )) ?? false
    );
  }

  /** Lets the list be read again, and ends requests for it. */
  refresh(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.#loading = undefined;
    this.#loadingMore = undefined;
    this.#failure = undefined;
    this.#refreshes += 1;
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
      // Items were removed meanwhile, so that the next page starts too late: the list is read anew, this far.
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
      throw new Cancelled();
    }
    this.#reading = reading;
  }

  /** Reads the list from its start, page by page, until there are so many items or no more. */
  async #readUpTo(count: number, signal: AbortSignal): Promise<Reading<T>> {
    let reading: Reading<T> = nothing;
    do {
      const next = await this.#append(reading, reading.nextOffset ?? 0, signal);
      reading = next.follows ? next.reading : cutShort(next.reading, 'does-not-follow');
    } while (reading.nextOffset !== undefined && reading.items.size < count);
    return reading;
  }

  /**
   * Adds a page. It is asked for with the last known item in front: that item tells whether the list has moved.
   *
   * @returns whether the page follows the items before it; else items between them may be missing
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
      throw new Cancelled(); // The items belong to the reading that came after this one.
    }
    const items = new Map(before.items);
    // Items shift between pages when something is added meanwhile: the same item twice stays one.
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

/** The list as it is left before its end. */
const cutShort = <T>(reading: Reading<T>, cut: 'too-long' | 'does-not-follow'): Reading<T> => ({
  ...reading,
  cut: reading.cut ?? cut,
  nextOffset: undefined,
});
