import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { WarehouseTable } from '../../../src/posthog/models';
import type { JsonObject } from '../../../src/json/json';
import type { TreeNode } from '../../../src/tree/node';
import { DEVELOPMENT, type HostBench } from './bench';

/** The row *Warehouse tables* of an environment. Rows are found by ID, because their classes are in another bundle. */
export async function tablesRow(bench: HostBench, environmentId = DEVELOPMENT): Promise<TreeNode> {
  const { provider } = bench.services;
  const find = async (rows: readonly TreeNode[]): Promise<TreeNode | undefined> => {
    for (const row of rows) {
      if (row.id.endsWith(`/e:${environmentId}/tables`)) {
        return row;
      }
      const found = /\/(?:tables|settings)$/.test(row.id)
        ? undefined
        : await find(await provider.getChildren(row));
      if (found) {
        return found;
      }
    }
    return undefined;
  };
  const roots = await provider.getChildren();
  const row = await find(roots.filter(({ connectionId }) => connectionId === bench.connectionId));
  assert.ok(row, `there's no row for the tables of ${environmentId}`);
  return row;
}

/** The rows of tables with these names, in this order. */
export async function tableRows(bench: HostBench, ...names: string[]): Promise<TreeNode[]> {
  await bench.services.provider.settled();
  const rows = await bench.services.provider.getChildren(await tablesRow(bench));
  return names.map((name) => {
    const row = rows.find(({ entry }) => entry?.kind === 'table' && entry.table.name === name);
    assert.ok(row, `there's no row ${name}`);
    return row;
  });
}

/** The row of one column. */
export async function columnRow(bench: HostBench, table: string, column: string): Promise<TreeNode> {
  const [row] = await tableRows(bench, table);
  const rows = await bench.services.provider.getChildren(row);
  const found = rows.find(({ id }) => id.endsWith(`/c:${column}`));
  assert.ok(found, `there's no column ${column}`);
  return found;
}

/** A row's text in the tree. */
export function textOf(row: TreeNode): string {
  const { label, description } = row.item();
  return `${typeof label === 'string' ? label : (label?.label ?? '')} ${String(description ?? '')}`.trim();
}

/** Labels of the rows below *Warehouse tables* as currently shown, without a refresh. */
export async function shownTables(bench: HostBench): Promise<string[]> {
  await bench.services.provider.settled();
  const rows = await bench.services.provider.getChildren(await tablesRow(bench));
  return rows.map((row) => textOf(row).split(' ')[0] ?? '');
}

/** A table as the server has it. */
export function serverTable(bench: HostBench, name: string): JsonObject & { id: string } {
  const table = bench.control.tables(DEVELOPMENT).find((one) => one.name === name);
  assert.ok(typeof table?.id === 'string', `the server has no table ${name}`);
  return { ...table, id: table.id };
}

export function serverTableNames(bench: HostBench): unknown[] {
  return bench.control.tables(DEVELOPMENT).map(({ name }) => name);
}

/** Column name to type, as the server has them. */
export function serverTypes(bench: HostBench, name: string): Record<string, string> {
  const { columns } = serverTable(bench, name) as unknown as WarehouseTable;
  return Object.fromEntries(columns.map((column) => [column.name, column.type]));
}

/** Requests that can change something, as `METHOD last/part/`. */
export function writes(bench: HostBench): string[] {
  return bench
    .requests(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace(/^.*\/warehouse_tables\//, '')}`);
}

/** Runs a command, waits until the server has received a matching request, and presses Cancel. */
export async function cancelOnce(
  bench: HostBench,
  isUnderWay: (call: string) => boolean,
  command: Promise<void>,
): Promise<void> {
  const state = { ended: false };
  const ended = command.finally(() => {
    state.ended = true;
  });
  while (!state.ended) {
    if (bench.calls().some(isUnderWay)) {
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
    } else {
      await new Promise(setImmediate);
    }
  }
  await ended;
}

/** A folder for files that tests upload. */
export class Files {
  private constructor(private readonly folder: string) {}

  static async make(): Promise<Files> {
    return new Files(await mkdtemp(join(tmpdir(), 'posthog-environments-test-')));
  }

  async write(name: string, content: string | Uint8Array): Promise<vscode.Uri> {
    await writeFile(join(this.folder, name), content);
    return vscode.Uri.file(join(this.folder, name));
  }

  /** A file with a size in bytes, filled with zeros after its first bytes; it takes no space on the disk. */
  async sized(name: string, sizeBytes: number, head = ''): Promise<vscode.Uri> {
    const uri = await this.write(name, head);
    await truncate(uri.fsPath, sizeBytes);
    return uri;
  }

  /** The folder itself. */
  get uri(): vscode.Uri {
    return vscode.Uri.file(this.folder);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
