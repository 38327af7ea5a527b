import assert from 'node:assert/strict';
import { applyEdits } from 'jsonc-parser';
import { fixEdit } from '../../../../src/json/fixEdit';
import type { JsonObject } from '../../../../src/json/json';
import {
  conflictsNow,
  conflictText,
  handMerge,
  stepsToTheirs,
  theirsText,
} from '../../../../src/operations/save/conflicts';
import { mergeDecided, mergeDocument, type Unmerged } from '../../../../src/operations/save/mergeDocument';
import { checkText, whatBecame } from '../../../../src/operations/whatBecame';
import { formatDocument } from '../../../../src/settings/document';

const base: JsonObject = {
  timezone: 'UTC',
  week_start_day: 1,
  test_account_filters: [],
  anonymize_ips: false,
  path_cleaning_filters: [
    { alias: 'user', regex: 'u' },
    { alias: 'shop', regex: 's' },
  ],
};

const unmergedOf = (mine: JsonObject, theirs: JsonObject): Unmerged => {
  const versions = { base, mine, theirs };
  return { kind: 'settings', versions, conflicts: mergeDocument('settings', versions).conflicts };
};

const pathsOf = (conflicts: readonly { path: unknown }[]): unknown[] => conflicts.map(({ path }) => path);

const withSteps = (mine: JsonObject, steps: Parameters<typeof fixEdit>[1]): JsonObject => {
  const text = formatDocument(mine);
  const spot = fixEdit(text, steps);
  const { offset, length, text: content } = spot ?? { offset: 0, length: 0, text: '' };
  return JSON.parse(applyEdits(text, [{ offset, length, content }])) as JsonObject;
};

describe('remaining conflicts', () => {
  const mine = { ...base, timezone: 'Europe/Rome', week_start_day: 0 };
  const theirs = { ...base, timezone: 'Asia/Tokyo', week_start_day: 6, anonymize_ips: true };
  const unmerged = unmergedOf(mine, theirs);

  it('11.1: are all of them until one is resolved', () => {
    const { open, decided } = conflictsNow({ unmerged, decided: [] }, mine);
    assert.deepEqual(pathsOf(open), [['timezone'], ['week_start_day']]);
    assert.deepEqual(decided, []);
  });

  it('11.1: exclude those resolved with mine, until theirs changes', () => {
    const decided = [{ path: ['timezone'], theirs: 'Asia/Tokyo' }];
    const now = conflictsNow({ unmerged, decided }, mine);
    assert.deepEqual(pathsOf(now.open), [['week_start_day']]);
    assert.deepEqual(now.decided, decided);
    const later = unmergedOf(mine, { ...theirs, timezone: 'Asia/Seoul' });
    assert.equal(conflictsNow({ unmerged: later, decided }, mine).open.length, 2);
  });

  it('11.1: exclude one whose value was typed, and include it again when that is undone', () => {
    const typed = conflictsNow({ unmerged, decided: [] }, { ...mine, timezone: 'Europe/Paris' });
    assert.deepEqual(pathsOf(typed.open), [['week_start_day']]);
    assert.deepEqual(typed.decided, [{ path: ['timezone'], theirs: 'Asia/Tokyo' }]);
    assert.equal(conflictsNow({ unmerged, decided: [] }, mine).open.length, 2);
  });

  it('11.1: exclude those whose value is theirs, or the previous one', () => {
    const now = conflictsNow(
      { unmerged, decided: [] },
      { ...mine, timezone: 'Asia/Tokyo', week_start_day: 1 },
    );
    assert.deepEqual(now, { open: [], decided: [] });
  });

  it('11.1: include one that was only typed after the save', () => {
    const now = conflictsNow(
      { unmerged: unmergedOf({ ...base, timezone: 'Europe/Rome' }, theirs), decided: [] },
      mine,
    );
    assert.deepEqual(pathsOf(now.open), [['timezone'], ['week_start_day']]);
  });

  it('11.1: a decision makes a merge use mine, but only against the value it was made for', () => {
    const decided = [{ path: ['timezone'], theirs: 'Asia/Tokyo' }];
    const { merged, conflicts } = mergeDecided('settings', { base, mine, theirs }, decided);
    assert.deepEqual(pathsOf(conflicts), [['week_start_day']]);
    assert.equal(merged.timezone, 'Europe/Rome');
    assert.equal(merged.anonymize_ips, true);
    const others = mergeDecided(
      'settings',
      { base, mine, theirs: { ...theirs, timezone: 'Asia/Seoul' } },
      decided,
    );
    assert.equal(others.conflicts.length, 2);
  });

  it('11.1: theirs replaces mine, and nothing else changes', () => {
    const [timezone] = unmerged.conflicts;
    assert.ok(timezone);
    assert.deepEqual(withSteps(mine, stepsToTheirs(unmerged, mine, [timezone])), {
      ...mine,
      timezone: 'Asia/Tokyo',
    });
    assert.deepEqual(withSteps(mine, stepsToTheirs(unmerged, mine, unmerged.conflicts)), {
      ...mine,
      timezone: 'Asia/Tokyo',
      week_start_day: 6,
    });
  });

  it('11.1: even inside an item of an array, and where they removed the item', () => {
    const [user, shop] = [
      { alias: 'user', regex: 'u' },
      { alias: 'shop', regex: 's' },
    ];
    const my = { ...base, path_cleaning_filters: [{ ...user, regex: 'mine' }, shop] };
    for (const their of [[{ ...user, regex: 'theirs' }, shop], [shop]]) {
      const one = unmergedOf(my, { ...base, path_cleaning_filters: their });
      assert.equal(one.conflicts.length, 1);
      const after = withSteps(my, stepsToTheirs(one, my, one.conflicts));
      assert.deepEqual(after.path_cleaning_filters, their);
      assert.deepEqual(conflictsNow({ unmerged: one, decided: [] }, after).open, []);
    }
  });

  it("B8: a conflict shows no webhook and no signature, neither in PostHog's value nor in its previous one", () => {
    const hook = (name: string): string => `https://chat.example.com/hooks/${name}`;
    const signed = (name: string): string => `https://files.example.com/a.csv?sig=${name}`;
    for (const [key, secret, shown] of [
      ['slack_incoming_webhook', hook, /PostHog has "••••••", but had "••••••"/],
      ['url_pattern', signed, /PostHog has "https:[^"]*sig=••/],
    ] as const) {
      const conflict = { path: [key], base: secret('s3cret-a'), mine: 'x', theirs: secret('s3cret-b') };
      assert.match(conflictText(conflict), shown);
      assert.doesNotMatch(conflictText(conflict) + theirsText(conflict), /s3cret/);
    }
  });

  it('11.1: a manual merge that chose neither side keeps the conflict; one that chose a side resolves it', () => {
    const my = { ...base, timezone: 'Europe/Rome', week_start_day: 0 };
    const their = { ...base, timezone: 'Asia/Tokyo', week_start_day: 6, anonymize_ips: true };
    const both = unmergedOf(my, their);
    const chosen = { ...their, timezone: 'Europe/Rome' };
    const all = handMerge(both, my, chosen);
    assert.deepEqual([all.steps, all.unmerged], [[], undefined]);
    assert.deepEqual(all.base, both.versions.theirs);
    const {
      steps,
      base: next,
      unmerged,
    } = handMerge(both, my, { ...chosen, timezone: base.timezone ?? null });
    assert.deepEqual(steps, [{ kind: 'set', path: ['timezone'], value: 'Europe/Rome' }]);
    assert.deepEqual(next, { ...their, timezone: base.timezone });
    assert.deepEqual(
      unmerged?.conflicts.map(({ path, mine, theirs }) => [path, mine, theirs]),
      [[['timezone'], 'Europe/Rome', 'Asia/Tokyo']],
    );
  });

  it('11.1: a manual merge can leave out items that only the other side added to a list that both changed', () => {
    const rule = (alias: string): JsonObject => ({ alias, regex: alias });
    const was = { ...base, path_cleaning_filters: [rule('a')] };
    const my = { ...was, path_cleaning_filters: [rule('a'), rule('mine')] };
    const their = { ...was, path_cleaning_filters: [rule('a'), rule('theirs')] };
    const versions = { base: was, mine: my, theirs: their };
    const both = { kind: 'settings', versions, conflicts: [] } as const;
    assert.deepEqual(handMerge(both, my, my).steps, [], 'mine was chosen');
    assert.deepEqual(handMerge(both, my, their).steps, [], 'theirs was chosen');
    assert.deepEqual(
      handMerge(both, my, was).steps,
      [{ kind: 'set', path: ['path_cleaning_filters'], value: my.path_cleaning_filters }],
      'neither was',
    );
  });

  it("11.1: shows PostHog's value in a few words, without secrets", () => {
    const conflict = { path: ['timezone'], base: 'UTC', mine: 'Europe/Rome', theirs: 'Asia/Tokyo' };
    assert.equal(theirsText(conflict), 'PostHog has "Asia/Tokyo"');
    assert.equal(theirsText({ ...conflict, theirs: undefined }), 'PostHog no longer has this');
    assert.equal(
      conflictText(conflict),
      'Conflict in timezone: PostHog has "Asia/Tokyo", but had "UTC" when you opened this document. Use mine, use theirs, or type another value.',
    );
    const secret = theirsText({ ...conflict, path: ['extra_settings', 'api_key'], theirs: 'phx_secret' });
    assert.doesNotMatch(secret, /phx_secret/);
    assert.ok(theirsText({ ...conflict, theirs: 'x'.repeat(500) }).length < 70);
  });

  it('11.1: shows both values of an object or a list, not only their sizes', () => {
    const masking = { maskAllInputs: true, maskTextSelector: '.private' };
    const conflict = {
      ...{ path: ['session_recording_masking_config'], base: masking, mine: null },
      theirs: { ...masking, maskAllInputs: false },
    };
    assert.match(
      conflictText(conflict),
      /PostHog has {"maskAllInputs":false,"maskTextSelector":"\.private"}, but had {"maskAllInputs":true,/,
    );
    assert.equal(theirsText(conflict), 'PostHog has 2 keys', 'a lens has less room');
    const columns = {
      path: ['live_events_columns'],
      base: ['event'],
      mine: ['url'],
      theirs: ['url', 'event'],
    };
    assert.equal(theirsText(columns), 'PostHog has ["url","event"]');
    const key = { path: ['extra_settings'], base: null, mine: {}, theirs: { api_key: 'phx_secret' } };
    assert.doesNotMatch(conflictText(key) + theirsText(key), /phx_secret/);
  });
});

describe('the result of a save with an unknown outcome', () => {
  const mine = { ...base, timezone: 'Europe/Rome', week_start_day: 0, anonymize_ips: true };

  it('11.2: everything was applied', () => {
    const became = whatBecame('settings', { base, mine, theirs: mine });
    assert.deepEqual(became, {
      there: ['timezone', 'week_start_day', 'anonymize_ips'],
      missing: [],
      others: [],
    });
    assert.match(
      checkText(became),
      /PostHog has timezone, week_start_day, and anonymize_ips as you saved it/,
    );
  });

  it('11.2: nothing was applied', () => {
    const became = whatBecame('settings', { base, mine, theirs: base });
    assert.deepEqual(became.missing, ['timezone', 'week_start_day', 'anonymize_ips']);
    assert.match(checkText(became), /doesn't have timezone.*Save again/);
  });

  it('11.2: a part was applied, and one value is different', () => {
    const theirs = { ...base, timezone: 'Europe/Rome', week_start_day: 6 };
    const became = whatBecame('settings', { base, mine, theirs });
    assert.deepEqual(became, { there: ['timezone'], missing: ['anonymize_ips'], others: ['week_start_day'] });
    assert.equal(
      checkText(became),
      "Checked again: PostHog has timezone. PostHog doesn't have anonymize_ips. PostHog has a different value for week_start_day. Save again to send the rest.",
    );
  });
});
