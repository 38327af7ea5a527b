import assert from 'node:assert/strict';
import type { WarehouseTable } from '../../../src/posthog/models';
import { MAX_PAGES } from '../../../src/posthog/maxPages';
import { itemsOf } from '../../../src/posthog/paging';
import { ScriptedServer, clientOf, never, rejected } from './server';

const ref = { id: 7, projectId: 7 };
const table = (id: string): object => ({
  id,
  name: `table_${id}`,
  format: 'CSV',
  url_pattern: 'https://bucket.example.com/*.csv',
  columns: [],
});

describe('C3: an endless list', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());

  const read = (offset: number) => clientOf(server).listTables(ref, { offset, limit: 2 }, never());
  async function collect(onCut?: () => void): Promise<string[]> {
    const ids: string[] = [];
    for await (const { id } of itemsOf<WarehouseTable>(read, onCut)) {
      ids.push(id);
    }
    return ids;
  }

  it('C3: a list with an end is read to it', async () => {
    server.playInTurn(
      () => ({ count: 3, next: 'x', results: [table('a'), table('b')] }),
      () => ({ count: 3, next: null, results: [table('c')] }),
    );
    assert.deepEqual(await collect(() => assert.fail('the list is complete')), ['a', 'b', 'c']);
  });

  it("C3: rows that shift by one while being read don't end it", async () => {
    server.playInTurn(
      () => ({ count: 4, next: 'x', results: [table('a'), table('b')] }),
      () => ({ count: 4, next: 'x', results: [table('b'), table('c')] }),
      () => ({ count: 4, next: null, results: [table('d')] }),
    );
    assert.deepEqual(await collect(), ['a', 'b', 'b', 'c', 'd']);
  });

  it('C3: a page that keeps repeating is requested only twice', async () => {
    server.play(() => ({ count: 1e9, next: 'x', results: [table('a'), table('b')] }));
    let cuts = 0;
    await collect(() => (cuts += 1));
    assert.equal(cuts, 1);
    assert.equal(server.seen.length, 2);
  });

  it('C3: endless new rows are read up to the page limit', async () => {
    let id = 0;
    server.play(() => ({ count: 1e9, next: 'x', results: [table(String(id++))] }));
    let cuts = 0;
    const ids = await collect(() => (cuts += 1));
    assert.equal(ids.length, MAX_PAGES);
    assert.equal(server.seen.length, MAX_PAGES);
    assert.equal(cuts, 1);
  });

  it('C3: endless unreadable rows are, too', async () => {
    server.play(() => ({ count: 1e9, next: 'x', results: [{}] }));
    await collect(() => undefined);
    assert.equal(server.seen.length, MAX_PAGES);
  });

  it('C3: callers that need the whole list learn that it is incomplete', async () => {
    server.play(() => ({ count: 1e9, next: 'x', results: [table('a')] }));
    const error = await rejected(collect(), 'unexpected-answer');
    assert.match(error.message, /never ends.*same items/);
  });
});
