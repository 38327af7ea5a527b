import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/json/json';
import {
  rehearsalNotices,
  rehearsedNotes,
  rehearsedOn,
  type Rehearsed,
} from '../../../../src/operations/review/rehearsal';
import type { Sending } from '../../../../src/operations/save/applySteps';
import type { ColumnUpdates } from '../../../../src/warehouse/table';
import { rehearse, startSandbox, type Generation } from '../../../../src/sandbox';

describe('Rehearsal', () => {
  for (const generation of ['current', 'documented'] as const) {
    const notesOf = async (body: JsonObject, membershipLevel = 15): Promise<readonly string[]> => {
      const environment = await demoEnvironment(generation);
      const rehearsal = { kind: 'settings', generation, environment, membershipLevel, body } as const;
      return rehearsedNotes(rehearsal, await rehearse(rehearsal)).notes;
    };

    it(`says that PostHog would store it unchanged (${generation})`, async () => {
      assert.deepEqual(await notesOf({ timezone: 'Asia/Tokyo', app_urls: ['https://example.com'] }), [
        'Rehearsed: PostHog would accept this as it is.',
      ]);
    });

    it(`says what PostHog would reject, with the field (${generation})`, async () => {
      const [note] = await notesOf({ timezone: 'Mars/Olympus' });
      assert.match(note ?? '', /^Rehearsed: PostHog would reject this\. timezone: /);
    });

    it(`11.3: lists what PostHog would store in a different form, and what it would ignore (${generation})`, async () => {
      assert.deepEqual(await notesOf({ person_display_name_properties: ['email ', 'name'] }), [
        'Rehearsed: PostHog would store person_display_name_properties as ["email","name"].',
      ]);
      assert.deepEqual(await notesOf({ no_such_setting: 1 }), [
        'Rehearsed: PostHog would ignore no_such_setting.',
      ]);
    });
  }

  it('takes the role into account', async () => {
    const environment = await demoEnvironment('current');
    const rehearsal = {
      kind: 'settings',
      generation: 'current',
      environment,
      membershipLevel: 1,
      body: { anonymize_ips: true },
    } as const;
    const { notes } = rehearsedNotes(rehearsal, await rehearse(rehearsal));
    assert.match(notes[0] ?? '', /Only project admins can modify these settings: anonymize_ips/);
  });

  it('shows where the real response differs', () => {
    const expected = {
      timezone: 'UTC',
      test_account_filters: [{ type: 'cohort', value: 3, cohort_name: 'a' }],
    };
    const answer = {
      timezone: 'UTC',
      test_account_filters: [{ type: 'cohort', value: 3, cohort_name: 'b' }],
    };
    const said = (rehearsed: Omit<Rehearsed, 'notes'>, answered: JsonObject): readonly string[] =>
      rehearsalNotices({ notes: [], ...rehearsed }, answered, { warn: () => undefined });
    assert.deepEqual(said({ expected }, answer), []);
    assert.deepEqual(said({ expected }, { ...answer, timezone: 'Asia/Tokyo' }), [
      "timezone: PostHog's response differs from what the rehearsal showed.",
    ]);
    assert.deepEqual(said({}, answer), []);
  });

  it('11.3: shows and logs when PostHog accepts what the rehearsal rejected, and the reverse', () => {
    const logged: string[] = [];
    const log = { warn: (line: string) => void logged.push(line) };
    const accepted = rehearsalNotices({ notes: [], refuses: true }, { timezone: 'UTC' }, log);
    assert.deepEqual(accepted, ['PostHog accepted this, although the rehearsal rejected it.']);
    const refused = rehearsalNotices({ notes: [], expected: { timezone: 'UTC' } }, undefined, log);
    assert.deepEqual(refused, ['In the rehearsal, PostHog would have accepted this.']);
    assert.deepEqual(logged, [...accepted, ...refused]);
    assert.deepEqual(rehearsalNotices({ notes: [], refuses: true }, undefined, log), []);
  });

  it("11.3: a failed rehearsal says so and doesn't stop the save", async () => {
    const failing = (): Promise<never> => Promise.reject(new Error('no bundle'));
    const logged: string[] = [];
    const sending = await sendingOf('current', { name: 'orders_2026' });
    const { notes } = await rehearsedOn(failing, sending, { warn: (line) => void logged.push(line) });
    assert.deepEqual(notes, ['Not rehearsed: the built-in server failed. See the log for details.']);
    assert.match(logged.join(), /no bundle/);
  });
});

describe('Rehearsal of a table', () => {
  for (const generation of ['current', 'documented'] as const) {
    const notesOf = async (...args: Rest<Parameters<typeof sendingOf>>): Promise<readonly string[]> =>
      (await rehearsedOn(rehearse, await sendingOf(generation, ...args), console)).notes;

    it(`11.3: says that PostHog would store it unchanged (${generation})`, async () => {
      assert.deepEqual(await notesOf({ name: 'orders_2026' }), [
        'Rehearsed: PostHog would accept this as it is.',
      ]);
    });

    it(`11.3: says what PostHog would refuse, with the field (${generation})`, async () => {
      const [name] = await notesOf({ name: 'events' });
      assert.match(name ?? '', /^Rehearsed: PostHog would reject this\. .*name already exists/);
      const [format] = await notesOf({ format: 'Excel' });
      assert.match(
        format ?? '',
        /^Rehearsed: PostHog would reject this\. format: "Excel" is not a valid choice/,
      );
    });

    it(`11.3: says that keys probably can't change types until that's known (${generation})`, async () => {
      assert.deepEqual(await notesOf({}, { order_id: 'string' }), [
        "Rehearsed: PostHog would probably reject the column types. Most servers don't allow API keys to change them.",
      ]);
    });

    it(`11.3: says what PostHog would store in a different form (${generation})`, async () => {
      assert.deepEqual(await notesOf({ name: 'orders_2026 ' }), [
        'Rehearsed: PostHog would store name as "orders_2026".',
      ]);
    });

    it(`11.3: takes write access to tables into account (${generation})`, async () => {
      const [note] = await notesOf({ name: 'orders_2026' }, {}, { raw: { user_access_level: 'viewer' } });
      assert.match(note ?? '', /^Rehearsed: PostHog would reject this\. You do not have editor access/);
    });
  }

  it('11.3: knows which types PostHog accepts, if it accepts them from keys', async () => {
    const notesOf = async (type: string): Promise<readonly string[]> => {
      const sending = await sendingOf(
        'current',
        { name: 'orders_2026' },
        { order_id: type },
        { takesTypes: true },
      );
      return (await rehearsedOn(rehearse, sending, console)).notes;
    };
    assert.deepEqual(await notesOf('string'), ['Rehearsed: PostHog would accept this as it is.']);
    const [unknown] = await notesOf('Money');
    assert.match(unknown ?? '', /^Rehearsed: PostHog would reject the column types\. .*Money/);
  });

  it('11.3: says what PostHog would ignore', async () => {
    const sending = await sendingOf('documented', { options: { csv_allow_double_quotes: false } });
    assert.deepEqual((await rehearsedOn(rehearse, sending, console)).notes, [
      'Rehearsed: PostHog would ignore options.',
    ]);
  });

  it('11.3: knows that PostHog controls the location of tables that it manages', async () => {
    const sending = await sendingOf(
      'current',
      { url_pattern: 'https://bucket.s3.amazonaws.com/a.csv' },
      {},
      { raw: { credential: null } },
    );
    const { notes } = await rehearsedOn(rehearse, sending, console);
    assert.match(notes[0] ?? '', /^Rehearsed: PostHog would reject this\. url_pattern: /);
  });
});

type Rest<T> = T extends readonly [unknown, ...infer R] ? R : never;

/** Changes of a demo table that are about to be sent. */
async function sendingOf(
  generation: Generation,
  patch: JsonObject,
  updates: ColumnUpdates = {},
  { takesTypes, raw = {} }: { readonly takesTypes?: boolean; readonly raw?: JsonObject } = {},
): Promise<Sending> {
  const sandbox = await startSandbox({ generation });
  try {
    const id = 1201;
    const table = sandbox.control.tables(id).find(({ name }) => name === 'orders');
    assert.ok(table);
    return {
      kind: 'table',
      ...{
        environment: { id, projectId: id },
        generation,
        tableId: 'orders',
        patch,
        updates,
        takesTypes,
      },
      raw: { ...table, ...raw },
    };
  } finally {
    await sandbox.close();
  }
}

async function demoEnvironment(generation: Generation): Promise<JsonObject> {
  const sandbox = await startSandbox({ generation });
  try {
    const [id = 0] = sandbox.control.environmentIds();
    return sandbox.control.environment(id);
  } finally {
    await sandbox.close();
  }
}
