import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { FileDrop } from '../../src/tree/dropFiles';
import type { TablesEntry } from '../../src/directory/entries';
import type { TreeNode, TreeServices } from '../../src/tree/node';
import { NoteNode } from '../../src/tree/noteNodes';
import { TablesNode } from '../../src/tree/tableNodes';

describe('files dropped on the tree', () => {
  const dropped: { row: TreeNode; files: string[] }[] = [];
  const refused: string[] = [];
  const drop = new FileDrop(
    (row, files) => dropped.push({ row, files: files.map(({ path }) => path) }),
    (message) => refused.push(message),
  );
  let tables: TablesNode;

  beforeEach(() => {
    dropped.length = 0;
    refused.length = 0;
    const entry = { kind: 'tables', id: 'c/e:1/tables', connectionId: 'c' };
    tables = new TablesNode(undefined, entry as unknown as TablesEntry, {} as TreeServices);
  });

  const listOf = (text: string): vscode.DataTransfer => {
    const data = new vscode.DataTransfer();
    data.set('text/uri-list', new vscode.DataTransferItem(text));
    return data;
  };

  it('on Warehouse tables are accepted once each, without comments', async () => {
    await drop.handleDrop(tables, listOf('#comment\r\nfile:///a%20b.csv\r\nfile:///c.parquet\r\n'));
    assert.deepEqual(dropped, [{ row: tables, files: ['/a b.csv', '/c.parquet'] }]);
    assert.deepEqual(refused, []);
  });

  it('on a row below go to the same list', async () => {
    await drop.handleDrop(new NoteNode(tables, 'No warehouse tables'), listOf('file:///a.csv'));
    assert.equal(dropped[0]?.row, tables);
  });

  it('elsewhere are rejected with a hint where to drop them', async () => {
    await drop.handleDrop(undefined, listOf('file:///a.csv'));
    assert.match(refused[0] ?? '', /Drop files on the "Warehouse tables" row/);
    assert.deepEqual(dropped, []);
  });

  it("without a URL can't be streamed, which is reported", async () => {
    await drop.handleDrop(tables, new vscode.DataTransfer());
    assert.match(refused[0] ?? '', /can't be read from here/);
    assert.deepEqual(dropped, []);
  });
});
