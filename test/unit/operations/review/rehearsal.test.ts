import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/json/json';
import { differsFromRehearsal, rehearsedNotes } from '../../../../src/operations/review/rehearsal';
import { rehearse, startSandbox, type Generation } from '../../../../src/sandbox';

describe('Rehearsal', () => {
  for (const generation of ['current', 'documented'] as const) {
    const notesOf = async (body: JsonObject, membershipLevel = 15): Promise<readonly string[]> => {
      const environment = await demoEnvironment(generation);
      const rehearsal = { generation, environment, membershipLevel, body };
      return rehearsedNotes(rehearsal, await rehearse(rehearsal)).notes;
    };

    it(`says that PostHog takes it as it is (${generation})`, async () => {
      assert.deepEqual(await notesOf({ timezone: 'Asia/Tokyo', app_urls: ['https://example.com'] }), [
        'Rehearsed: PostHog would accept this as it is.',
      ]);
    });

    it(`says what PostHog would reject, with the field (${generation})`, async () => {
      const [note] = await notesOf({ timezone: 'Mars/Olympus' });
      assert.match(note ?? '', /^Rehearsed: PostHog would reject this\. timezone: /);
    });

    it(`says what PostHog would store in a different form, and ignore (${generation})`, async () => {
      assert.deepEqual(await notesOf({ person_display_name_properties: ['email ', 'name'] }), [
        'Rehearsed: PostHog would store person_display_name_properties in a different form.',
      ]);
      assert.deepEqual(await notesOf({ no_such_setting: 1 }), [
        'Rehearsed: PostHog would ignore no_such_setting.',
      ]);
    });
  }

  it('knows the role', async () => {
    const environment = await demoEnvironment('current');
    const rehearsal = {
      generation: 'current',
      environment,
      membershipLevel: 1,
      body: { anonymize_ips: true },
    } as const;
    const { notes } = rehearsedNotes(rehearsal, await rehearse(rehearsal));
    assert.match(notes[0] ?? '', /Only project admins can modify these settings: anonymize_ips/);
  });

  it('tells where the real answer is another one', () => {
    const expected = {
      timezone: 'UTC',
      test_account_filters: [{ type: 'cohort', value: 3, cohort_name: 'a' }],
    };
    const answer = {
      timezone: 'UTC',
      test_account_filters: [{ type: 'cohort', value: 3, cohort_name: 'b' }],
    };
    assert.deepEqual(differsFromRehearsal({ notes: [], expected }, answer), []);
    assert.deepEqual(differsFromRehearsal({ notes: [], expected }, { ...answer, timezone: 'Asia/Tokyo' }), [
      'timezone',
    ]);
    assert.deepEqual(differsFromRehearsal({ notes: [] }, answer), []);
  });
});

async function demoEnvironment(generation: Generation): Promise<JsonObject> {
  const sandbox = await startSandbox({ generation });
  try {
    const [id = 0] = sandbox.control.environmentIds();
    return sandbox.control.environment(id);
  } finally {
    await sandbox.close();
  }
}
