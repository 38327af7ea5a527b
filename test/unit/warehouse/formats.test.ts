import assert from 'node:assert/strict';
import { formatLabel } from '../../../src/warehouse/formats';
import { formatHint } from '../../../src/warehouse/formatTexts';
import enums from '../../../src/sandbox/enums.json';

describe('file formats of tables', () => {
  it("E: each has a name in people's words, and an unknown one keeps its own", () => {
    assert.deepEqual([...new Set(enums.warehouse_table_format.map((format) => formatLabel(format)))].sort(), [
      'CSV with header',
      'CSV without header',
      'Delta',
      'JSON Lines',
      'Parquet',
    ]);
    assert.equal(formatHint('JSONEachRow'), 'one JSON object per line');
    assert.equal(formatHint('Delta'), 'a Delta Lake table');
    assert.equal(formatLabel('DeltaS3Wrapper'), 'Delta');
    for (const unknown of ['ORC', 'constructor']) {
      assert.deepEqual([formatLabel(unknown), formatHint(unknown)], [unknown, '']);
    }
  });
});
