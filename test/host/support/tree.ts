import assert from 'node:assert/strict';
import type { TreeNode } from '../../../src/tree/node';
import type { HostBench } from './bench';

/** The text of a row. */
export function labelOf(row: TreeNode): string {
  const { label } = row.item();
  return typeof label === 'string' ? label : (label?.label ?? '');
}

/** Rows below a row, or the roots, as the tree would show them. */
export function rowsBelow(bench: HostBench, row?: TreeNode): Promise<TreeNode[]> {
  return bench.services.provider.getChildren(row);
}

/** The row at a path of labels, starting below the bench's connection. */
export async function rowAt(bench: HostBench, ...path: readonly string[]): Promise<TreeNode> {
  await bench.services.provider.settled();
  const root = await bench.services.provider.connection(bench.connectionId);
  assert.ok(root, 'the connection has no row');
  let row = root;
  for (const label of path) {
    const rows = await rowsBelow(bench, row);
    const next = rows.find((one) => labelOf(one) === label);
    assert.ok(next, `there's no row ${label} among ${rows.map(labelOf).join(', ')}`);
    row = next;
  }
  return row;
}

/** The rows below a path, by their labels. */
export async function labelsAt(bench: HostBench, ...path: readonly string[]): Promise<string[]> {
  return (await rowsBelow(bench, await rowAt(bench, ...path))).map(labelOf);
}

/** Waits for something without an event: what a command reports after its change. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !holds();) {
    assert.ok(Date.now() < end, `timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A value from the server that must be a string. */
export function textOf(value: unknown): string {
  assert.ok(typeof value === 'string', `not a string: ${JSON.stringify(value)}`);
  return value;
}
