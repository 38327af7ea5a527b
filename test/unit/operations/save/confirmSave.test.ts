import assert from 'node:assert/strict';
import { saveSettings, saveTable } from '../../../../src/operations/save/savePipeline';
import { coversAll } from '../../../../src/operations/review/consent';
import type { Review } from '../../../../src/operations/save/applySteps';
import type { ConfirmSave, Saved } from '../../../../src/operations/save/saveRefused';
import { objectOf } from '../../../../src/json/json';
import { DEVELOPMENT, PRODUCTION, edited, never, onBothGenerations, refused, type Opened } from '../support';

const notNow = new Error('not now');

onBothGenerations((bench) => {
  const saving = (opened: Opened, confirm: ConfirmSave): Promise<Saved> =>
    saveSettings(
      { client: bench.client(), environment: bench.ref(PRODUCTION), ...opened, signal: never(), confirm },
      bench.generation,
    );
  const savingTable = (id: string, opened: Opened, confirm: ConfirmSave): Promise<Saved> =>
    saveTable(
      { client: bench.client(), environment: bench.ref(DEVELOPMENT), ...opened, signal: never(), confirm },
      id,
      bench.generation,
    );

  it('A1: a save asks once the difference is known and before anything is sent', async () => {
    const opened = await bench.openSettings();
    const replay = { ...objectOf(opened.base.session_replay_config), record_canvas: true };
    const mine = edited(opened, { timezone: 'Asia/Tokyo', session_replay_config: replay });
    const plans: Review[] = [];
    const confirm: ConfirmSave = async (plan) => {
      plans.push(plan);
      assert.deepEqual(bench.methods(), ['GET']);
      throw notNow;
    };
    await assert.rejects(saving(mine, confirm), notNow);
    assert.deepEqual(bench.bodies(), []);
    assert.deepEqual(plans[0]?.changes, [
      { path: ['timezone'], from: opened.base.timezone, to: 'Asia/Tokyo' },
      { path: ['session_replay_config', 'record_canvas'], from: false, to: true },
    ]);
  });

  it("A1: changes that someone makes while the question is open aren't overwritten", async () => {
    const mine = edited(await bench.openSettings(), { timezone: 'Asia/Tokyo' });
    const confirm: ConfirmSave = async () => {
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'Europe/Berlin' });
      return { isAsked: true };
    };
    const error = await refused(saving(mine, confirm));
    assert.deepEqual(
      error.conflicts.map(({ path }) => path),
      [['timezone']],
    );
    assert.deepEqual(bench.bodies(), []);
    assert.equal(bench.settings().timezone, 'Europe/Berlin');
  });

  it("11.3: only what wasn't in the review is asked about again", async () => {
    const mine = edited(await bench.openSettings(), {
      timezone: 'Asia/Tokyo',
      anonymize_ips: false,
    });
    bench.control.patchEnvironment(PRODUCTION, { anonymize_ips: false });
    const plans: (readonly string[])[] = [];
    const confirm: ConfirmSave = async ({ changes }, consented) => {
      plans.push(changes.map(({ path }) => path.join('.')));
      const now = { consent: 'ordinary', changes, notes: [] } as const;
      if (consented && coversAll(consented, now)) {
        return { isAsked: false };
      }
      if (!consented) {
        // They had the same value, but no longer do: now it's a change that nobody has reviewed.
        bench.control.patchEnvironment(PRODUCTION, { anonymize_ips: true });
      }
      return { isAsked: true, consented: now };
    };
    await saving(mine, confirm);
    assert.deepEqual(plans, [['timezone'], ['timezone', 'anonymize_ips'], ['timezone', 'anonymize_ips']]);
    assert.deepEqual(bench.methods(), ['GET', 'GET', 'GET', 'PATCH']);
    assert.equal(bench.settings().anonymize_ips, false);
  });

  it("A1: a save that sends nothing doesn't ask, and one whose question is dismissed reads once", async () => {
    const opened = await bench.openSettings();
    const save = (text: string): Promise<unknown> => {
      const confirm: ConfirmSave = async () => {
        asked += 1;
        return { isAsked: false };
      };
      return saving({ base: opened.base, text }, confirm);
    };
    let asked = 0;
    await save(`${opened.text}\n`);
    assert.equal(asked, 0);
    bench.control.patchEnvironment(PRODUCTION, { week_start_day: 0 });
    await save(edited(opened, { week_start_day: 0 }).text);
    assert.equal(asked, 0, 'PostHog has the value already');
    assert.deepEqual(bench.methods(), ['GET']);
    await save(edited(opened, { timezone: 'Asia/Tokyo' }).text);
    assert.equal(asked, 1);
    assert.deepEqual(bench.methods(), ['GET', 'GET', 'PATCH']);
  });

  it('A1: the question about a table includes its type changes', async () => {
    const id = bench.tableId('orders');
    const opened = await bench.openTable(id);
    const columns = { ...objectOf(opened.base.columns), total: 'string' };
    const mine = edited(opened, { name: 'renamed_orders', columns });
    const plans: Review[] = [];
    const confirm: ConfirmSave = async (plan) => {
      plans.push(plan);
      throw notNow;
    };
    await assert.rejects(savingTable(id, mine, confirm), notNow);
    assert.deepEqual(bench.bodies(), []);
    assert.deepEqual(plans[0]?.changes, [
      { path: ['name'], from: opened.base.name, to: 'renamed_orders' },
      { path: ['columns', 'total'], from: 'float', to: 'string' },
    ]);
  });

  it('A8: the document warns about a type that may not match the data before it is sent', async () => {
    const id = bench.tableId('orders');
    const opened = await bench.openTable(id);
    const columns = { ...objectOf(opened.base.columns), status: 'json', total: 'string' };
    const mine = edited(opened, { columns });
    const plans: Review[] = [];
    const confirm: ConfirmSave = async (plan) => {
      plans.push(plan);
      throw notNow;
    };
    await assert.rejects(savingTable(id, mine, confirm), notNow);
    assert.deepEqual(bench.bodies(), []);
    assert.deepEqual(plans[0]?.doubts, [
      '"status" as json: PostHog probably can\'t read the data as this type, so queries would leave the column out.',
    ]);
  });
});
