import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/json/json';
import { pathText } from '../../../../src/json/merge/path';
import { conflictAuthors } from '../../../../src/operations/save/conflictAuthors';
import { changedSinceOpened } from '../../../../src/operations/phrases/saving';
import { edited, never, onBothGenerations, PRODUCTION, refused, type SaveBench } from '../support';

describe('the author of the other side of a conflict', () => {
  onBothGenerations((bench) => {
    const authors = async (mine: JsonObject, theirs: () => Promise<void>): Promise<readonly string[]> => {
      const opened = edited(await bench.openSettings(), mine);
      await theirs();
      const { unmerged } = await refused(bench.saveSettings(opened));
      assert.ok(unmerged);
      const place = { connectionId: 'one', environment: { ...bench.ref(PRODUCTION), name: 'Production' } };
      const found = await conflictAuthors(bench.client(), place, unmerged.conflicts, never());
      assert.ok(found.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 60_000));
      return found.map(({ path, who }) => `${pathText(path)} by ${who}`);
    };

    it('11.1: is who last set it, according to the activity log, including inside objects', async () => {
      const [first, second] = [await nameOf(bench, 'admin'), await nameOf(bench, 'member')];
      bench.control.setMembership('member', PRODUCTION, 8);
      bench.control.patchEnvironment(PRODUCTION, { extra_settings: { a: 1, b: 1 }, timezone: 'UTC' });
      const found = await authors({ extra_settings: { a: 2, b: 1 }, timezone: 'Europe/Rome' }, async () => {
        await patchAs(bench, 'admin', { timezone: 'Asia/Seoul' });
        await patchAs(bench, 'admin', { extra_settings: { a: 3, b: 1 } });
        await patchAs(bench, 'member', { timezone: 'Asia/Tokyo' });
      });
      assert.deepEqual(found, [`timezone by ${second}`, `extra_settings.a by ${first}`]);
    });

    it("11.1: is unknown for a value that the log doesn't explain, or without the log", async () => {
      const mine = { timezone: 'Europe/Rome', week_start_day: 0 };
      bench.control.patchEnvironment(PRODUCTION, { timezone: 'UTC', week_start_day: 1 });
      const found = await authors(mine, async () => {
        await patchAs(bench, 'admin', { timezone: 'Asia/Seoul' });
        bench.control.patchEnvironment(PRODUCTION, { timezone: 'Asia/Tokyo', week_start_day: null });
      });
      assert.deepEqual(found, []);
      const { organization } = bench.settings();
      assert.ok(typeof organization === 'string');
      bench.control.setFeature(organization, 'audit_logs', false);
      assert.deepEqual(
        await authors({ timezone: 'Europe/Paris' }, () =>
          patchAs(bench, 'admin', { timezone: 'Asia/Seoul' }),
        ),
        [],
      );
    });
  });

  it('11.1: is named in the refusal', () => {
    assert.equal(
      changedSinceOpened(['timezone'], ['Ada Example', 'Ben Example']),
      'Ada Example and Ben Example changed timezone in PostHog after you opened this document. Nothing was sent.',
    );
  });
});

async function patchAs(bench: SaveBench, key: 'admin' | 'member', body: JsonObject): Promise<void> {
  await bench.client({ key }).patchEnvironment(bench.ref(PRODUCTION), body, never());
}

async function nameOf(bench: SaveBench, key: 'admin' | 'member'): Promise<string> {
  const response = await fetch(`${bench.sandbox.url}/api/users/@me/`, {
    headers: { authorization: `Bearer ${bench.sandbox.keys[key]}` },
  });
  const { first_name: first, last_name: last } = (await response.json()) as Record<
    string,
    string | undefined
  >;
  return [first, last].filter((part) => part).join(' ');
}
