import assert from 'node:assert/strict';
import { isCanceled } from '../../../src/connections/failures';
import { PagedList } from '../../../src/directory/pagedList';
import type { PageRequest } from '../../../src/posthog/models';
import { MAX_PAGES } from '../../../src/posthog/maxPages';

interface Item {
  readonly id: string;
}

/** A list on a server, which tests change between two pages. */
class Server {
  ids: string[];
  readonly asked: PageRequest[] = [];
  failing = false;
  /** Returns the first page, whatever page is requested. */
  samePage = false;
  /** Claims that every page has a next one. */
  isEndless = false;
  unreadable = 0;
  waiting: Promise<void> | undefined;

  constructor(count: number) {
    this.ids = Array.from({ length: count }, (_, index) => `i${index}`);
  }

  list(pageSize = 10): PagedList<Item> {
    return new PagedList(
      async (page) => {
        this.asked.push(page);
        await this.waiting;
        if (this.failing) {
          throw new Error('down');
        }
        const start = this.samePage ? 0 : page.offset;
        const items = this.ids.slice(start, start + page.limit).map((id) => ({ id }));
        const end = page.offset + page.limit;
        return {
          items,
          total: this.ids.length,
          nextOffset: this.isEndless || end < this.ids.length ? end : undefined,
          unreadable: this.unreadable,
        };
      },
      () => pageSize,
    );
  }
}

const idsOf = ({ items }: PagedList<Item>): string[] => items.map(({ id }) => id);

describe('10.2: a paged list', () => {
  it("10.2: reads nothing until it's expanded, and everything once", async () => {
    const server = new Server(25);
    const list = server.list();
    assert.deepEqual(server.asked, []);
    await Promise.all([list.load(), list.load()]);
    await list.load();
    assert.deepEqual(server.asked, [{ offset: 0, limit: 10 }]);
    assert.deepEqual([list.items.length, list.total, list.hasMore], [10, 25, true]);
  });

  it('10.2: requests the next page once, starting with the last known item', async () => {
    const server = new Server(25);
    const list = server.list();
    await list.load();
    await Promise.all([list.loadMore(), list.loadMore()]);
    await list.loadMore();
    await list.loadMore();
    assert.deepEqual(server.asked.slice(1), [
      { offset: 9, limit: 11 },
      { offset: 19, limit: 11 },
    ]);
    assert.deepEqual(idsOf(list), server.ids);
    assert.deepEqual([list.hasMore, list.cut], [false, undefined]);
  });

  it("10.2: is reloaded if the pages don't follow each other, so that no item is missed", async () => {
    const server = new Server(25);
    const list = server.list();
    await list.load();
    server.ids.shift();
    await list.loadMore();
    assert.deepEqual(idsOf(list), server.ids.slice(0, list.items.length));
    assert.ok(list.items.length > 10);
    await list.loadAll();
    assert.deepEqual(idsOf(list), server.ids);
  });

  it('10.2: keeps its items if a reload fails, and misses nothing afterwards', async () => {
    const server = new Server(25);
    const list = server.list();
    await list.load();
    server.ids.shift();
    let pages = 0;
    const { asked } = server;
    Object.defineProperty(server, 'failing', { get: () => asked.length > 2 && pages++ === 0 });
    await assert.rejects(list.loadMore(), /down/);
    assert.equal(list.items.length, 10);
    await list.loadAll();
    assert.deepEqual(idsOf(list), server.ids);
  });

  it('10.2: keeps its items if the next page fails, reports why, and retries', async () => {
    const server = new Server(25);
    const list = server.list();
    await list.load();
    server.failing = true;
    await assert.rejects(list.loadMore(), /down/);
    assert.match(String(list.failure), /down/);
    assert.equal(list.items.length, 10);
    server.failing = false;
    await list.loadMore();
    assert.equal(list.failure, undefined);
    assert.equal(list.items.length, 20);
  });

  it('10.2: retries after its first page failed', async () => {
    const server = new Server(3);
    const list = server.list();
    server.failing = true;
    await assert.rejects(list.load(), /down/);
    assert.equal(await list.settled(), false);
    server.failing = false;
    await list.load();
    assert.equal(await list.settled(), true);
    assert.equal(list.items.length, 3);
  });

  it('10.2: has as many items after a refresh as before', async () => {
    const server = new Server(45);
    const list = server.list();
    await list.load();
    await list.loadMore();
    list.refresh();
    await list.load();
    assert.equal(list.items.length, 20);
  });

  it('10.2: a refresh aborts requests in progress, and discards their results', async () => {
    const server = new Server(25);
    const list = server.list();
    let release = (): void => undefined;
    server.waiting = new Promise((resolve) => (release = resolve));
    const { signal } = list;
    const reading = list.load();
    list.refresh();
    assert.ok(signal.aborted);
    server.ids = ['new'];
    const again = list.load();
    release();
    await assert.rejects(reading, isCanceled);
    await again;
    assert.deepEqual(idsOf(list), ['new']);
  });

  it('10.2: a refresh only delays who waits for the latest items, but the end of the list rejects', async () => {
    const server = new Server(25);
    const list = server.list();
    let release = (): void => undefined;
    const wait = (): void => void (server.waiting = new Promise((resolve) => (release = resolve)));
    wait();
    const reading = list.loadLatest();
    list.refresh();
    const again = list.loadLatest();
    list.refresh();
    server.ids = ['new'];
    release();
    await Promise.all([reading, again]);
    assert.deepEqual(idsOf(list), ['new']);
    assert.ok(server.asked.length <= 3, String(server.asked.length));

    list.refresh();
    wait();
    const last = list.loadLatest();
    server.asked.length = 0;
    list.end();
    release();
    await assert.rejects(last, isCanceled);
    assert.deepEqual(server.asked, [], 'nothing is loaded for a list that has ended');
  });

  it('C3: stops loading if the server keeps sending the same page, and reports it', async () => {
    const server = new Server(1000);
    const list = server.list();
    await list.load();
    server.samePage = true;
    await list.loadAll();
    assert.equal(list.cut, 'does-not-follow');
    assert.ok(server.asked.length <= 5, String(server.asked.length));

    // A page with one row seems to continue itself.
    const short = new Server(1);
    short.samePage = true;
    short.isEndless = true;
    const one = short.list();
    await one.loadAll();
    assert.equal(one.cut, 'does-not-follow');
    assert.ok(short.asked.length <= 3, String(short.asked.length));
  });

  it('C3: endless new items are loaded up to the page limit', async () => {
    const server = new Server(1000);
    const list = server.list(1);
    await list.loadAll();
    assert.equal(list.cut, 'too-long');
    assert.equal(server.asked.length, MAX_PAGES);
  });

  it("10.2: counts items that can't be parsed, and then trusts no last item", async () => {
    const server = new Server(25);
    server.unreadable = 1;
    const list = server.list();
    await list.loadAll();
    assert.equal(list.unreadable, 3);
    assert.deepEqual(
      server.asked.map(({ offset }) => offset),
      [0, 10, 20],
    );
  });

  it('10.2: an item that is returned twice stays the same object', async () => {
    const server = new Server(25);
    const list = server.list();
    await list.load();
    const last = list.items.at(-1);
    await list.loadMore();
    assert.equal(list.items[9], last);
  });
});
