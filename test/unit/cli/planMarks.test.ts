import assert from 'node:assert/strict';
import { formatDocument } from '../../../src/settings/document';
import type { JsonObject } from '../../../src/json/json';
import { PRODUCTION, STAGING } from '../operations/settingsFile/support';
import { CliBench, type Ended } from './support';

type Marks = Readonly<Record<string, boolean>>;

describe('plans from elsewhere, and the marks of the settings file', () => {
  const bench = new CliBench('current');
  beforeEach(() => bench.start());
  afterEach(() => bench.stop());

  /** Writes a change file for one environment, as anyone could. */
  async function propose(id: number, marks: Marks = {}): Promise<void> {
    const changes = [{ path: ['week_start_day'], from: bench.document(id).week_start_day, to: 0 }];
    const text = JSON.stringify({
      formatVersion: 1,
      createdAt: '2026-01-02T03:04:05.000Z',
      environments: [{ name: 'proposed', host: bench.sandbox.url, id, ...marks, changes }],
    });
    await bench.write(text, 'a.posthog-change.json');
  }

  const settingsFile = (id: number, marks: Marks, settings: JsonObject = {}): string =>
    formatDocument({ environments: { named: { host: bench.sandbox.url, id, ...marks } }, settings });

  const apply = (...more: readonly string[]): Promise<Ended> =>
    bench.run(['apply', '--plan', 'a.posthog-change.json', '--yes', '--allow-risky', ...more]);

  const sent = [{ week_start_day: 0 }];
  const refused =
    /^proposed is protected\. To allow changes, add --allow-protected proposed\.\nNothing was sent\.\n$/;

  it("12.8: a plan isn't applied to an environment that the settings file makes read-only", async () => {
    await propose(STAGING);
    await bench.write(settingsFile(STAGING, { readOnly: true }));
    for (const more of [[], ['--file', 'posthog.environments.json']]) {
      const { code, out, err } = await apply(...more, '--allow-protected', 'proposed');
      assert.equal(code, 1);
      assert.match(out, /\(Staging, 1202 on [^)]*, read-only\): 1 difference/);
      assert.equal(err, 'proposed is read-only according to the file.\nNothing was sent.\n');
    }
    assert.deepEqual(bench.bodies(), []);
    await bench.write(settingsFile(STAGING, {}), 'other.json');
    assert.equal((await apply('--file', 'other.json')).code, 0);
    assert.deepEqual(bench.bodies(), sent);
  });

  it("12.8: a plan can't remove an environment's protection", async () => {
    for (const marks of [{}, { protected: false }]) {
      await propose(PRODUCTION, marks);
      const { code, err } = await apply();
      assert.equal(code, 1);
      assert.match(err, refused);
    }
    bench.control.patchEnvironment(STAGING, { name: 'QA' });
    await propose(STAGING, { protected: false });
    assert.match((await apply()).err, refused);
    assert.deepEqual(bench.bodies(), []);
    await bench.write(settingsFile(STAGING, { protected: false }));
    assert.equal((await apply()).code, 0);
    assert.deepEqual(bench.bodies(), sent);
  });

  it('12.8: the stricter of a plan and the settings file decides about protection', async () => {
    for (const [inPlan, inFile] of [
      [{ protected: true }, { protected: false }],
      [{ protected: false }, { protected: true }],
      [{}, { protected: true }],
    ] as const) {
      await propose(STAGING, inPlan);
      await bench.write(settingsFile(STAGING, inFile));
      assert.match((await apply()).err, refused, JSON.stringify([inPlan, inFile]));
    }
    assert.deepEqual(bench.bodies(), []);
    assert.equal((await apply('--allow-protected', 'proposed')).code, 0);
    assert.deepEqual(bench.bodies(), sent);
  });

  it("12.8: the settings file doesn't count for other environments", async () => {
    await propose(STAGING);
    await bench.write(settingsFile(PRODUCTION, { readOnly: true, protected: true }));
    const { code, err } = await apply();
    assert.equal(code, 0, err);
  });

  it("12.8: a plan isn't applied if the marks of the settings file can't be read", async () => {
    await propose(STAGING);
    for (const [text, line] of [
      [settingsFile(STAGING, { readOnly: true }).replace('"settings"', 'settings'), /:\d+:\d+: error: /],
      [settingsFile(STAGING, { readonly: true }), /:6:7: error: Unknown key "readonly"\./],
      [
        settingsFile(STAGING, { readOnly: true }).replace('true', '"yes"'),
        /"readOnly" must be true or false/,
      ],
      ['', /The settings file is empty/],
    ] as const) {
      await bench.write(text);
      const { code, err } = await apply();
      assert.equal(code, 1);
      assert.match(err, line);
      assert.match(
        err,
        /\nCouldn't tell from posthog\.environments\.json which environments are protected or read-only\. Fix the file, or choose another one with --file\.\n$/,
      );
    }
    const missing = await apply('--file', 'none.json');
    assert.equal(missing.err, "The file none.json doesn't exist.\n");
    assert.deepEqual(bench.bodies(), []);
  });

  it("12.8: an error in the settings of the settings file doesn't keep a plan from being applied", async () => {
    await propose(STAGING);
    await bench.write(settingsFile(STAGING, {}, { timeZone: 'UTC' }));
    const { code, err } = await apply();
    assert.equal(code, 0, err);
    await bench.write(settingsFile(STAGING, { readOnly: true }, { timeZone: 'UTC' }));
    bench.control.patchEnvironment(STAGING, { week_start_day: 1 });
    await propose(STAGING);
    assert.match((await apply()).err, /read-only according to the file/);
  });
});
