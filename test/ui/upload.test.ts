import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually';
import { chooseInMenu, entriesOfMenu } from './support/menu';
import { useWorkbench } from './support/useWorkbench';
import { tableId, type Workbench } from './support/workbench';
import { isJsonObject } from '../../src/json/json';

const tables = ['Sandbox', 'Hedgehog Outfitters', 'Development', 'Warehouse tables'] as const;
const tablesPath = '/api/projects/1201/warehouse_tables';

/** Writes a file to the open folder. */
async function writeInto({ folder }: Workbench, name: string, content: string): Promise<void> {
  await writeFile(join(folder, name), content);
}

/** Chooses *Upload to PostHog Warehouse…* in the Explorer's context menu of a file. */
async function uploadFromExplorer({ page, quickInput }: Workbench, name: string): Promise<void> {
  // Not with its icon, because its tooltip would cover the first file, which is clicked next.
  await quickInput.run('View: Show Explorer');
  const file = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
  const open = async (): Promise<void> => file.click({ button: 'right', timeout: 5_000 });
  await chooseInMenu(page, open, 'Upload to PostHog Warehouse…');
}

/** The entries of the Explorer's context menu of a file, from top to bottom. */
async function explorerMenu({ page, quickInput }: Workbench, name: string): Promise<readonly string[]> {
  await quickInput.run('View: Show Explorer');
  const file = page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
  const entries = await entriesOfMenu(page, async () => file.click({ button: 'right', timeout: 5_000 }));
  assert.ok(
    entries.some((entry) => entry.startsWith('Delete')),
    entries.join(', '),
  );
  return entries;
}

/** Presses *Upload File…* on the row of the tables and chooses a file of the open folder in VS Code's dialog. */
async function uploadFromRow({ tree, quickInput, page }: Workbench, name: string): Promise<void> {
  await tree.expand(...tables);
  await tree.action(tables, 'Upload File…');
  await quickInput.titled('Upload File to');
  const dialog = page.locator('.quick-input-title', { hasText: 'Upload File to' });
  // While the box is reading the folder, it accepts no input.
  await eventually(async () => {
    if (await dialog.isVisible()) {
      await quickInput.row(name).click({ timeout: 2_000 });
    }
    await dialog.waitFor({ state: 'hidden', timeout: 2_000 });
  });
}

/** Answers the two questions about a file. */
async function answer(
  { quickInput }: Workbench,
  file: string,
  format: string,
  proposed: string,
  name = proposed,
): Promise<void> {
  await quickInput.titled(`Upload ${file} to Development · Hedgehog Outfitters · Sandbox: Format (1 of 2)`);
  await quickInput.choose(format);
  await quickInput.titled(
    `Upload ${file} to Development · Hedgehog Outfitters · Sandbox: Table Name (2 of 2)`,
  );
  assert.equal(await quickInput.input.inputValue(), proposed);
  await quickInput.fill(name);
  await quickInput.accept();
}

/** The columns of a table on the server, as `name type`. */
function columnsOf(workbench: Workbench, name: string): readonly string[] {
  const { columns } = workbench.sandbox.control.table(1201, tableId(workbench, 1201, name));
  assert.ok(Array.isArray(columns));
  return columns.map((column) => {
    assert.ok(isJsonObject(column));
    const { name: columnName, type } = column;
    assert.ok(typeof columnName === 'string' && typeof type === 'string');
    return `${columnName} ${type}`;
  });
}

function tableNames({ sandbox }: Workbench): readonly unknown[] {
  return sandbox.control.tables(1201).map(({ name }) => name);
}

describe('Uploading a file', () => {
  const ui = useWorkbench();

  it("E: from the Explorer's menu: asks for environment, format and name, and shows the table", async () => {
    const workbench = ui();
    const { quickInput, toasts, tree, editor } = workbench;
    await writeInto(workbench, '2024 stores.csv', 'store_id,city,opened_on\n1,Lisbon,2024-03-01\n');
    await uploadFromExplorer(workbench, '2024 stores.csv');
    await quickInput.asks('Choose an environment');
    await quickInput.choose('Development');
    await answer(workbench, '2024 stores.csv', 'CSV with header', '_2024_stores', 'stores');
    await toasts.sayOnly(/^Uploaded 2024 stores\.csv as stores with 3 columns\.$/);
    // At once, because VS Code hides a notification after ten seconds.
    await toasts.button('Open Table');
    await editor.shows('stores.posthog-table.json');
    assert.deepEqual(columnsOf(workbench, 'stores'), ['store_id integer', 'city string', 'opened_on date']);
    // The Explorer replaced the view.
    await tree.open();
    await tree.expand(...tables, 'stores');
    assert.deepEqual(
      (await tree.childrenOfOnce('Warehouse tables', 'stores')).map(
        ({ label, description }) => `${label} ${description}`,
      ),
      ['store_id integer', 'city string', 'opened_on date'],
    );
    assert.deepEqual(
      workbench.writes().map(({ method, path }) => `${method} ${path.replace(tablesPath, '')}`),
      // The first one has no file: it detects how the server accepts files.
      ['POST /upload_file/', 'POST /upload_file/', 'POST /create_from_upload/'],
    );
  });

  it("E: the Explorer's menu offers it above Rename and Delete, and not for the extension's own files", async () => {
    const workbench = ui();
    const own = ['posthog.environments.json', 'tokyo.posthog-change.json'];
    for (const name of ['stock.csv', 'stock.json', 'stock.parquet', 'goods.CSV.gz', 'notes.txt', ...own]) {
      await writeInto(workbench, name, '{}');
    }
    for (const name of ['stock.csv', 'stock.json', 'stock.parquet', 'goods.CSV.gz']) {
      const shown = await explorerMenu(workbench, name);
      const upload = shown.indexOf('Upload to PostHog Warehouse…');
      assert.ok(upload >= 0, `${name}: ${shown.join(', ')}`);
      for (const ours of [/^Rename/, /^Delete/]) {
        assert.ok(upload < shown.findIndex((entry) => ours.test(entry)), shown.join(', '));
      }
    }
    for (const name of ['notes.txt', ...own]) {
      assert.ok(
        !(await explorerMenu(workbench, name)).some((entry) => entry.startsWith('Upload to PostHog')),
        name,
      );
    }
  });

  it("accepts JSON lines under any extension, and rejects a name that queries couldn't use", async () => {
    const workbench = ui();
    const { quickInput } = workbench;
    await writeInto(workbench, 'visits.ndjson', '{"path":"/"}\n');
    await uploadFromExplorer(workbench, 'visits.ndjson');
    await quickInput.choose('Development');
    await answer(workbench, 'visits.ndjson', 'JSON Lines', 'visits', 'my visits');
    await quickInput.message(/letters|underscore/);
    await quickInput.fill('visits');
    await quickInput.accept();
    await workbench.toasts.sayOnly(/^Uploaded visits\.ndjson as visits with 1 column\.$/);
    assert.deepEqual(columnsOf(workbench, 'visits'), ['path string']);
  });
});

describe('Uploading a file over a table', () => {
  // Only the older action overwrites by name.
  const ui = useWorkbench({ sandbox: { fileUpload: true } });

  it('asks before it overwrites a table: Cancel sends nothing, Overwrite replaces the content', async () => {
    const workbench = ui();
    const { modal, quickInput, toasts, tree, sandbox } = workbench;
    await writeInto(workbench, 'signups.csv', 'email,source\nada@example.com,blog\n');
    const id = tableId(workbench, 1201, 'newsletter_signups');
    const before = sandbox.control.table(1201, id);
    await uploadFromRow(workbench, 'signups.csv');
    await answer(workbench, 'signups.csv', 'CSV with header', 'signups', 'newsletter_signups');
    const question = /Overwrite the warehouse table "newsletter_signups" of Development[^]*\?/;
    await modal.says(question);
    await modal.says(/Its content is replaced with signups\.csv\.[^]*can't be undone/);
    await modal.press('Cancel');
    await quickInput.closed();
    await toasts.gone();
    // The first one has no file: it detects how the server accepts files.
    assert.deepEqual(workbench.writes(), [
      { method: 'POST', path: `${tablesPath}/upload_file/`, body: undefined },
    ]);
    assert.deepEqual(sandbox.control.table(1201, id), before);

    await uploadFromRow(workbench, 'signups.csv');
    await answer(workbench, 'signups.csv', 'CSV with header', 'signups', 'newsletter_signups');
    await modal.says(question);
    await modal.press('Overwrite in Development');
    await toasts.sayOnly(/^signups\.csv replaced the content of newsletter_signups, which now has 2 columns/);
    assert.deepEqual(columnsOf(workbench, 'newsletter_signups'), ['email string', 'source string']);
    assert.equal(tableId(workbench, 1201, 'newsletter_signups'), id);
    await tree.expand(...tables, 'newsletter_signups');
    await tree.row('newsletter_signups', 'source');
    await tree.gone('newsletter_signups', 'signed_up_on');
  });
});

describe('Uploading a file that PostHog would misread', () => {
  const ui = useWorkbench();

  it('D: warns before anything is sent; Cancel sends nothing, Upload Anyway does', async () => {
    const workbench = ui();
    const { modal, quickInput, toasts } = workbench;
    await writeInto(workbench, 'events.csv', 'sku;price\nA-1;2.50\n');
    await uploadFromRow(workbench, 'events.csv');
    await answer(workbench, 'events.csv', 'CSV with header', 'uploaded_events', 'events');
    await modal.says(/Upload events\.csv to Development · Hedgehog Outfitters · Sandbox as is\?/);
    await modal.says(/separated by semicolons[^]*PostHog has a built-in table "events"/);
    await modal.press('Cancel');
    await quickInput.closed();
    assert.deepEqual(workbench.writes(), []);

    await uploadFromRow(workbench, 'events.csv');
    await answer(workbench, 'events.csv', 'CSV with header', 'uploaded_events');
    await modal.press('Upload to Development');
    await toasts.sayOnly(/^Uploaded events\.csv as uploaded_events with 1 column\.$/);
    assert.ok(tableNames(workbench).includes('uploaded_events'));
  });
});

describe('Canceling an upload', () => {
  const ui = useWorkbench();

  /** Sends a file to a server that doesn't respond, and presses Cancel once the progress shows this. */
  async function cancelWhen(action: string, name: string, format: string, progress: RegExp): Promise<void> {
    const workbench = ui();
    const { sandbox, toasts } = workbench;
    const path = `${tablesPath}/${action}/`;
    sandbox.control.addFault({
      route: { method: 'POST', path },
      kind: 'latency',
      delayMs: 600_000,
    });
    await uploadFromRow(workbench, `${name}.csv`);
    await answer(workbench, `${name}.csv`, format, name);
    await toasts.says(progress);
    await eventually(() => assert.equal(sandbox.control.requests().at(-1)?.path, path));
    await toasts.button('Cancel');
  }

  it('in the middle of the file reports the progress, and that nothing has changed', async () => {
    const workbench = ui();
    const names = tableNames(workbench);
    await writeInto(workbench, 'long.csv', 'id\n1\n');
    // Zeros after the first lines: they take no space on the disk but exceed the buffers between client and server.
    await truncate(join(workbench.folder, 'long.csv'), 40 * 1024 * 1024);
    await cancelWhen(
      'file',
      'long',
      'CSV without header',
      /^Uploading long\.csv to Development · Hedgehog Outfitters · Sandbox: [1-9]\d?% of 40\.0 MB/,
    );
    await workbench.toasts.sayOnly(
      /^Canceled after [\d.]+ [KM]B of 40\.0 MB of long\.csv\. Nothing has changed in PostHog\.$/,
    );
    assert.deepEqual(tableNames(workbench), names);
    await workbench.tree.gone('Warehouse tables', 'long');
  });

  it('after the file was sent says that PostHog may still create the table', async () => {
    const workbench = ui();
    const names = tableNames(workbench);
    await writeInto(workbench, 'short.csv', 'id\n1\n');
    await cancelWhen(
      'create_from_upload',
      'short',
      'CSV with header',
      /sent\. PostHog is creating the table/,
    );
    await workbench.toasts.sayOnly(
      /^Canceled after all of short\.csv was sent\. There is no table short yet, but PostHog may still create it\.$/,
    );
    assert.deepEqual(tableNames(workbench), names);
  });
});
