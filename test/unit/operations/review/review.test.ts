import assert from 'node:assert/strict';
import type { JsonObject } from '../../../../src/json/json';
import { coversAll, reasonToReview, type Consent } from '../../../../src/operations/review/consent';
import { curlOf } from '../../../../src/operations/review/curl';
import {
  consentedBy,
  reviewQuestion,
  saveButton,
  type ReviewSubject,
} from '../../../../src/operations/review/review';
import { settingsChanges } from '../../../../src/operations/changes';
import { reviewItems } from '../../../../src/operations/review/reviewItems';

const place = {
  document: 'Production',
  environment: 'Production',
  environmentId: 1203,
  isProtected: true,
  host: 'https://posthog.example.com',
  connection: 'Work',
};

const subject = (changes: Partial<ReviewSubject> = {}): ReviewSubject => ({
  place,
  reason: 'The environment is protected.',
  consent: 'protected',
  items: [],
  doubts: [],
  requests: [],
  rehearsed: [],
  ...changes,
});

describe('Review of a change set', () => {
  it('distinguishes kinds of consent: an answer never covers a stronger kind', () => {
    const covers = (given: Consent, needed: Consent): boolean =>
      coversAll({ consent: given, changes: [], notes: [] }, { consent: needed, changes: [], notes: [] });
    assert.equal(covers('ordinary', 'risky'), false);
    assert.equal(covers('protected', 'risky'), true);
    assert.equal(covers('protected', 'irreversible'), false);
  });

  it("11.3: an answer covers no change, value or note that wasn't in the review", () => {
    const change = { path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' };
    const other = { path: ['anonymize_ips'], from: true, to: false };
    const given = { consent: 'protected', changes: [change, other], notes: ['Rehearsed: one.'] } as const;
    assert.ok(coversAll(given, { ...given, consent: 'risky', changes: [other], notes: [] }));
    // The old value isn't part of what was consented to.
    assert.ok(coversAll(given, { ...given, changes: [{ ...change, from: 'Asia/Seoul' }] }));
    assert.ok(!coversAll(given, { ...given, changes: [{ ...change, to: 'Asia/Seoul' }] }));
    assert.ok(!coversAll({ ...given, changes: [change] }, given));
    assert.ok(!coversAll(given, { ...given, notes: ['Rehearsed: another.'] }));
  });

  it('is shown for risky fields only if the setting says so, for protected environments always, and never with "never"', () => {
    const situation = { isProtected: false, isActive: true, isRisky: () => true };
    assert.equal(reasonToReview({ ...situation, setting: 'protected' }), undefined);
    assert.equal(reasonToReview({ ...situation, setting: 'risky' })?.consent, 'risky');
    const protectedOne = { ...situation, isProtected: true, isRisky: () => false };
    assert.equal(reasonToReview({ ...protectedOne, setting: 'risky' })?.consent, 'protected');
    assert.equal(reasonToReview({ ...protectedOne, setting: 'never' }), undefined);
  });

  it('lists title, values, risk with its reason, merging and who can change it', () => {
    const theirs = {
      ...{ session_recording_opt_in: true, app_urls: [] },
      session_replay_config: { record_canvas: false },
    };
    const merged = {
      ...{ session_recording_opt_in: false, app_urls: ['https://example.com'] },
      session_replay_config: { record_canvas: true },
    };
    const [replay, canvas, urls] = reviewItems({
      changes: settingsChanges(theirs, merged, 'current'),
      sending: {
        ...{ kind: 'settings', generation: 'current', theirs, merged, raw: theirs, body: merged },
        environment: { id: 1203, projectId: 1203 },
      },
    });
    assert.equal(replay?.title, 'Session replay');
    assert.equal(replay.values, 'true → false');
    assert.deepEqual(
      replay.risks.map(({ kind }) => kind),
      ['stops'],
    );
    assert.deepEqual(replay.notes, ['Any project member can change it.']);
    assert.match(urls?.notes[0] ?? '', /^Merged/);
    assert.equal(canvas?.notes[0], 'Replaces the whole list.');
  });

  it('11.3: warns of references that may be pasted from another environment, wherever they are in a setting', () => {
    const cohort = (value: number): JsonObject => ({ key: 'id', type: 'cohort', value, operator: 'in' });
    const pointsTo = (theirs: JsonObject, merged: JsonObject): readonly string[] =>
      reviewItems({
        changes: settingsChanges(theirs, merged, 'current'),
        sending: {
          ...{ kind: 'settings', generation: 'current', theirs, merged, raw: theirs, body: merged },
          environment: { id: 1203, projectId: 1203 },
        },
      }).flatMap(({ risks }) =>
        risks.flatMap(({ reason }) => /^It now points to a ([a-z]+) /.exec(reason)?.slice(1) ?? []),
      );
    assert.deepEqual(pointsTo({ test_account_filters: [] }, { test_account_filters: [cohort(55)] }), [
      'cohort',
    ]);
    assert.deepEqual(pointsTo({ primary_dashboard: 7 }, { primary_dashboard: 8 }), ['dashboard']);
    assert.deepEqual(
      pointsTo(
        { test_account_filters: [cohort(55)] },
        {
          test_account_filters: [cohort(55), { key: 'email', type: 'person', value: 'x', operator: 'exact' }],
        },
      ),
      [],
    );
    assert.deepEqual(pointsTo({ primary_dashboard: 7 }, { primary_dashboard: null }), []);
  });

  it('names its target in the button and in the question, for one document or several together', () => {
    const staging = subject({
      place: {
        ...place,
        document: 'Staging',
        environment: 'Staging',
        environmentId: 1202,
        isProtected: false,
      },
      consent: 'ordinary',
      reason: 'Another reason.',
    });
    assert.equal(saveButton([subject()]), 'Save to Production');
    assert.equal(saveButton([subject(), staging]), 'Save to Production and Staging');
    assert.equal(
      consentedBy(staging).consent,
      'ordinary',
      'an answer for both counts no more for one of them',
    );
    const { message, detail } = reviewQuestion([subject(), staging]);
    assert.equal(message, 'Save 0 changes to 2 documents?');
    assert.match(detail, /The environment is protected\.\nAnother reason\./);
    assert.match(detail, /Environment: Production \(1203\), protected/);
  });

  it('A1: names the table of each change if several documents are saved together', () => {
    const table = (name: string): ReviewSubject =>
      subject({ place: { ...place, document: `${name} in Production` } });
    const { detail } = reviewQuestion([table('orders'), table('goods'), subject()]);
    assert.deepEqual(
      detail.split('\n').filter((line) => /^(Table|Environment):/.test(line)),
      [
        'Table: orders in Production',
        'Environment: Production (1203), protected',
        'Table: goods in Production',
        'Environment: Production (1203), protected',
        'Environment: Production (1203), protected',
      ],
    );
  });

  it('11.3: the button shows the IDs of environments with the same name, and counts each environment once', () => {
    const at = (changes: Partial<ReviewSubject['place']>): ReviewSubject =>
      subject({ place: { ...place, organization: 'Shop', ...changes } });
    const other = { environmentId: 2100, document: 'orders in Production' };
    assert.equal(saveButton([at({}), at({ document: 'orders in Production' })]), 'Save to Production');
    assert.equal(
      saveButton([at({}), at({ ...other, organization: 'Labs' })]),
      'Save to Production · Shop and Production · Labs',
    );
    assert.equal(
      saveButton([at({}), at({ connection: 'Home' })]),
      'Save to Production · Shop · Work and Production · Shop · Home',
    );
    assert.equal(saveButton([at({}), at(other)]), 'Save to Production (1203) and Production (2100)');
    assert.equal(saveButton([at({}), at(other), at({ connection: 'Home' })]), 'Save to 3 Environments');
  });

  it('shows the request as curl, without a key and with quotes escaped', () => {
    const curl = curlOf({
      method: 'PATCH',
      url: 'https://posthog.example.com/api/projects/1203/',
      body: { name: "It's" },
    });
    assert.equal(
      curl,
      [
        "curl -X PATCH 'https://posthog.example.com/api/projects/1203/'",
        '-H "Authorization: Bearer $POSTHOG_PERSONAL_API_KEY"',
        "-H 'Content-Type: application/json'",
        String.raw`--data-raw '{"name":"It'\''s"}'`,
      ].join(' \\\n  '),
    );
  });
});
