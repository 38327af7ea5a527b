import assert from 'node:assert/strict';
import { revealRow } from '../../../src/commands/revealRow';
import { KeptLog } from '../operations/table/tableSupport';

describe('revealRow', () => {
  it("a row that VS Code can't reveal right now isn't a failure of the command", async () => {
    const log = new KeptLog();
    const tree = { reveal: () => Promise.reject(new Error('Cannot resolve tree item for element 0/0')) };
    await revealRow({ tree, log }, 'row', { select: true });
    assert.deepEqual(log.warnings, [
      "Couldn't reveal a row in the tree: Cannot resolve tree item for element 0/0",
    ]);
  });
});
