import type { Page, PageRequest } from '../posthog/models';
import { MAX_PAGES } from '../posthog/paging';
import { Cancelled } from '../connections/failures';
import { TreeNode, type TreeServices } from './node';
import { LoadMoreNode, NoteNode } from './noteNodes';

/** A row whose children come in pages. It is complete, or ends in a row that says it is not. */
export abstract class PagedNode<T> extends TreeNode {
  private rows = new Map<string, TreeNode>();
  private page: Pick<Page<T>, 'nextOffset' | 'total'> = { nextOffset: 0, total: 0 };
  private pages = 0;
  private unreadable = 0;
  /** The last row that came, when it is sure to be the one before the next page. */
  private lastRowId: string | undefined;
  /** The pages of the server do not follow one another: where its list ends cannot be known. */
  private broken = false;
  private loadingMore: Promise<void> | undefined;

  constructor(
    parent: TreeNode | undefined,
    protected readonly services: TreeServices,
  ) {
    super(parent);
  }

  /** Appends the next page to the children. Called again while it is on its way, it waits for the same page. */
  loadMore(): Promise<void> {
    const loading = (this.loadingMore ??= this.appendNext(this.signal).finally(() => {
      if (this.loadingMore === loading) {
        this.loadingMore = undefined;
      }
    }));
    return loading;
  }

  override invalidate(): void {
    super.invalidate();
    this.loadingMore = undefined;
  }

  private async appendNext(signal: AbortSignal): Promise<void> {
    if (this.page.nextOffset !== undefined) {
      const wanted = this.rows.size + 1;
      if (!(await this.append(this.page.nextOffset, signal))) {
        // Rows were removed meanwhile, so that the next page starts too late: the list is read anew, this far.
        await this.readUpTo(wanted, signal);
      }
      this.adoptChildren(this.withNotes());
    }
  }

  /** How many rows of the list are there, without notes. */
  get rowCount(): number {
    return this.rows.size;
  }

  /** Whether the list was left before its end. */
  get isIncomplete(): boolean {
    return this.broken;
  }

  /** The children, with all pages loaded. */
  async allChildren(): Promise<readonly TreeNode[]> {
    await this.children();
    while (this.page.nextOffset !== undefined) {
      await this.loadMore();
    }
    return this.children();
  }

  protected abstract fetchPage(page: PageRequest, signal: AbortSignal): Promise<Page<T>>;
  protected abstract rowsOf(items: readonly T[]): readonly TreeNode[];
  /** What to say when there is nothing. */
  protected abstract readonly emptyText: string;

  /** Loads the first page, or after a refresh as many rows as were shown before it. */
  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    await this.readUpTo(this.rows.size, signal);
    return this.withNotes();
  }

  /** Reads the list from its start, page by page, until there are so many rows or no more. */
  private async readUpTo(count: number, signal: AbortSignal): Promise<void> {
    const { rows, page, pages, unreadable, lastRowId, broken } = this;
    const before = { rows, page, pages, unreadable, lastRowId, broken };
    const empty = { page: { nextOffset: 0, total: 0 }, pages: 0, unreadable: 0, lastRowId: undefined };
    Object.assign(this, { rows: new Map(), ...empty, broken: false });
    try {
      do {
        if (!(await this.append(this.page.nextOffset ?? 0, signal))) {
          this.stop();
        }
      } while (this.page.nextOffset !== undefined && this.rows.size < count);
    } catch (error) {
      Object.assign(this, before); // What was there stays when it cannot be read again.
      throw error;
    }
  }

  /**
   * Adds a page. It is asked for with the last known row in front: that row tells whether the list has moved.
   *
   * @returns whether the page follows the rows before it; else rows between them may be missing
   */
  private async append(offset: number, signal: AbortSignal): Promise<boolean> {
    const overlap = offset > 0 && this.lastRowId !== undefined ? 1 : 0;
    const limit = this.services.pageSize() + overlap;
    const { items, nextOffset, total, unreadable } = await this.fetchPage(
      { offset: offset - overlap, limit },
      signal,
    );
    if (signal.aborted) {
      throw new Cancelled(); // The rows belong to the load that came after this one.
    }
    const rows = this.rowsOf(items);
    const follows = overlap === 0 || rows[0]?.id === this.lastRowId;
    const before = this.rows.size;
    // Rows shift between pages when something is added meanwhile: the same row twice stays one row.
    for (const row of rows) {
      this.rows.set(row.id, row);
    }
    this.unreadable += unreadable;
    this.lastRowId = unreadable === 0 ? rows.at(-1)?.id : undefined;
    this.page = { nextOffset, total };
    this.pages += 1;
    const isTooLong = this.pages >= MAX_PAGES;
    if (nextOffset !== undefined && (isTooLong || (offset > 0 && this.rows.size === before))) {
      this.stop();
    }
    return follows;
  }

  private stop(): void {
    this.broken = true;
    this.page = { ...this.page, nextOffset: undefined };
  }

  private withNotes(): readonly TreeNode[] {
    const rows = [...this.rows.values()];
    if (this.unreadable > 0) {
      rows.push(
        new NoteNode(
          this,
          `${this.unreadable} item${this.unreadable === 1 ? '' : 's'} couldn't be parsed`,
          'warning',
        ),
      );
    }
    if (this.broken) {
      const why =
        this.pages >= MAX_PAGES
          ? `only the first ${MAX_PAGES} pages are read`
          : "the pages PostHog sent don't follow on";
      rows.push(new NoteNode(this, `May be incomplete: ${why}`, 'warning'));
    }
    if (this.page.nextOffset !== undefined) {
      rows.push(new LoadMoreNode(this, this.rows.size, this.page.total));
    } else if (rows.length === 0) {
      rows.push(new NoteNode(this, this.emptyText));
    }
    return rows;
  }
}
