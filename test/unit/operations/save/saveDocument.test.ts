import assert from 'node:assert/strict';
import { objectOf, type JsonObject } from '../../../../src/json/json';
import { formatDocument, settingsDocument } from '../../../../src/settings/document';
import { saveDocument, type DocumentAt } from '../../../../src/operations/save/saveDocument';
import { SaveRefused } from '../../../../src/operations/save/saveRefused';
import { tableDocument } from '../../../../src/warehouse/tableDocument';
import {
  Bench,
  doubt,
  environmentWith,
  never,
  orders,
  refusal,
  staging,
  tableWith,
  unreachable,
} from '../table/tableSupport';

const at: DocumentAt = { kind: 'settings', ...staging };
const environment = environmentWith();
const base = settingsDocument(environment.raw);

/** Saves the settings of Staging with other values, and records the order of notifications. */
async function play(bench: Bench, changes: JsonObject): Promise<{ heard: string[]; error: unknown }> {
  const heard: string[] = [];
  const services = {
    connections: bench.connections,
    changes: { fire: ({ kind }: { kind: string }) => heard.push(`told ${kind}`) },
    receipts: {
      add: ({ done, keys }: { done: string; keys?: readonly string[] }) =>
        heard.push(`${done} ${(keys ?? []).join()}`),
    },
  };
  const text = formatDocument({ ...base, ...changes });
  const saving = saveDocument(services, at, {
    ...{ text, base, signal: never() },
    rebase: () => heard.push('rebased'),
  });
  const error: unknown = await saving.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { heard, error };
}

describe('saving a document', () => {
  it('10.5: a save announces its changes once', async () => {
    const bench = new Bench({
      getEnvironment: [environment],
      patchEnvironment: [environmentWith({ timezone: 'Asia/Tokyo' })],
    });
    const { heard, error } = await play(bench, { timezone: 'Asia/Tokyo' });
    assert.equal(error, undefined);
    assert.deepEqual(heard, ['Saved to timezone', 'told environment']);
  });

  it('10.5: nothing is announced if there is nothing to save', async () => {
    assert.deepEqual((await play(new Bench({}), {})).heard, []);
  });

  it('10.5: after a partial save, the document has the new base before the change is announced', async () => {
    const bench = new Bench({
      getEnvironment: [environment],
      patchEnvironment: [environmentWith({ timezone: 'Asia/Tokyo' })],
    });
    const { heard, error } = await play(bench, { timezone: 'Asia/Tokyo', name: 'Preview' });
    assert.ok(error instanceof SaveRefused, String(error));
    assert.equal(error.base?.timezone, 'Asia/Tokyo');
    assert.equal(error.base.name, 'Staging');
    assert.deepEqual(heard, ['Partly saved to timezone', 'rebased', 'told environment']);
  });

  for (const [what, script] of [
    ['that was refused', { getEnvironment: [environment], patchEnvironment: [refusal()] }],
    [
      'with an unknown outcome',
      { getEnvironment: [environment, unreachable()], patchEnvironment: [doubt()] },
    ],
    ["that wasn't applied", { getEnvironment: [environment, environment], patchEnvironment: [doubt()] }],
  ] as const) {
    it(`10.5: a save ${what} announces nothing`, async () => {
      const { heard, error } = await play(
        new Bench({
          getEnvironment: [...script.getEnvironment],
          patchEnvironment: [...script.patchEnvironment],
        }),
        {
          timezone: 'Asia/Tokyo',
        },
      );
      assert.ok(error instanceof SaveRefused, String(error));
      assert.deepEqual(heard, []);
    });
  }

  it("10.5: if a table's types were refused, the rest is announced", async () => {
    const table = tableWith({ id: 'integer' });
    const now = tableWith({ id: 'integer' }, { name: 'purchases' });
    const bench = new Bench({ getTable: [table], patchTable: [now], updateSchema: [refusal()] });
    const document = tableDocument(table.raw);
    const text = formatDocument({ ...document, name: 'purchases', columns: { id: 'string' } });
    await assert.rejects(
      saveDocument(bench, { kind: 'table', ...orders }, { text, base: document, signal: never() }),
      SaveRefused,
    );
    assert.deepEqual(
      bench.written.map(({ done, keys }) => [done, keys]),
      [['Partly saved orders in', ['name']]],
    );
    assert.deepEqual(
      bench.told.map(({ kind }) => kind),
      ['table'],
    );
  });

  it('10.7: after sending types without a response, only those that PostHog lacks count as not applied', async () => {
    const table = tableWith({ id: 'integer', total: 'integer' });
    const bench = new Bench({
      getTable: [table, tableWith({ id: 'string', total: 'integer' })],
      updateSchema: [doubt({ what: 'It broke.' })],
    });
    const document = tableDocument(table.raw);
    const text = formatDocument({ ...document, columns: { id: 'string', total: 'float' } });
    const saving = saveDocument(
      bench,
      { kind: 'table', ...orders },
      { text, base: document, signal: never() },
    );
    const error: unknown = await saving.then(
      () => assert.fail('it was saved'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof SaveRefused, String(error));
    assert.match(error.message, /^Not applied: total → float\. It broke\..*PostHog did apply id\.$/);
    assert.deepEqual(objectOf(error.base?.columns), { id: 'string', total: 'integer' });
  });
});
