import type { Page } from '../../posthog/models';
import { Cancelled } from '../../connections/failures';
import { TreeNode } from './node';
import { LoadMoreNode, NoteNode } from './noteNodes';

/** A row whose children come in pages. It is complete, or ends in a row that says it is not. */
export abstract class PagedNode<T> extends TreeNode {
  private readonly rows = new Map<string, TreeNode>();
  private page: Pick<Page<T>, 'nextOffset' | 'total'> = { nextOffset: 0, total: 0 };
  private unreadable = 0;
  private loadingMore: Promise<void> | undefined;

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
      await this.append(this.page.nextOffset, signal);
      this.adoptChildren(this.withNotes());
    }
  }

  /** The children, with all pages loaded. */
  async allChildren(): Promise<readonly TreeNode[]> {
    await this.children();
    while (this.page.nextOffset !== undefined) {
      await this.loadMore();
    }
    return this.children();
  }

  protected abstract fetchPage(offset: number, signal: AbortSignal): Promise<Page<T>>;
  protected abstract rowsOf(items: readonly T[]): readonly TreeNode[];
  /** What to say when there is nothing. */
  protected abstract readonly emptyText: string;

  /** Loads the first page, or after a refresh as many rows as were shown before it. */
  protected override async load(signal: AbortSignal): Promise<readonly TreeNode[]> {
    const wanted = this.rows.size;
    this.rows.clear();
    this.unreadable = 0;
    this.page = { nextOffset: 0, total: 0 };
    do {
      await this.append(this.page.nextOffset ?? 0, signal);
    } while (this.page.nextOffset !== undefined && this.rows.size < wanted);
    return this.withNotes();
  }

  private async append(offset: number, signal: AbortSignal): Promise<void> {
    const { items, nextOffset, total, unreadable } = await this.fetchPage(offset, signal);
    if (signal.aborted) {
      throw new Cancelled(); // The rows belong to the load that came after this one.
    }
    this.page = { nextOffset, total };
    this.unreadable += unreadable;
    // Rows shift between pages when something is added meanwhile: the same row twice stays one row.
    for (const row of this.rowsOf(items)) {
      this.rows.set(row.id, row);
    }
  }

  private withNotes(): readonly TreeNode[] {
    const rows = [...this.rows.values()];
    if (this.unreadable > 0) {
      rows.push(
        new NoteNode(this, `${this.unreadable} rows were sent in a form that cannot be read`, 'warning'),
      );
    }
    if (this.page.nextOffset !== undefined) {
      rows.push(new LoadMoreNode(this, this.rows.size, this.page.total));
    } else if (rows.length === 0) {
      rows.push(new NoteNode(this, this.emptyText));
    }
    return rows;
  }
}
