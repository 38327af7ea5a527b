import type { Listed, Place } from '../directory/entries';
import type { PagedList } from '../directory/pagedList';
import { MAX_PAGES } from '../posthog/maxPages';
import { TreeNode, type TreeServices } from './node';
import { LoadMoreNode, NoteNode } from './noteNodes';

/** A row with a list below it. If the list is incomplete, its last row says so. */
export abstract class PagedNode<T extends Listed = Listed> extends TreeNode {
  abstract override readonly entry: Place;
  /** The text for an empty list. */
  protected abstract readonly emptyText: string;
  private readonly rows = new Map<string, TreeNode>();

  constructor(
    parent: TreeNode | undefined,
    protected readonly services: TreeServices,
  ) {
    super(parent);
  }

  abstract get list(): PagedList<T>;

  protected abstract rowOf(entry: T): TreeNode;

  protected override async load(): Promise<readonly TreeNode[]> {
    const { list } = this;
    // VS Code keeps the answer to a request that was in progress during a refresh, and doesn't ask again.
    await list.loadLatest();
    const { items, refused, left, unreadable, cut, hasMore, total } = list;
    const before = new Map(this.rows);
    this.rows.clear();
    for (const item of items) {
      const known = before.get(item.id);
      this.rows.set(item.id, known?.entry === item ? known : this.rowOf(item));
    }
    const rows = [...this.rows.values()];
    const warn = (text: string): void => void rows.push(new NoteNode(this, text, 'warning'));
    if (refused.length > 0) {
      warn(`This key can't access environments ${refused.join(', ')}`);
    }
    if (left > 0) {
      warn(`The list is incomplete: the key lists ${left} more environments`);
    }
    if (unreadable > 0) {
      warn(`${unreadable} item${unreadable === 1 ? '' : 's'} couldn't be parsed`);
    }
    if (cut) {
      const why =
        cut === 'too-long'
          ? `only the first ${MAX_PAGES} pages were loaded`
          : "the server's pages don't continue from one to the next";
      warn(`May be incomplete: ${why}`);
    }
    if (hasMore) {
      rows.push(new LoadMoreNode(this, items.length, total));
    } else if (rows.length === 0) {
      rows.push(new NoteNode(this, this.emptyText));
    }
    return rows;
  }
}
