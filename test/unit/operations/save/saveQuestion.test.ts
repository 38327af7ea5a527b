import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isProtectedName } from '../../../../src/connections/protectedNames';
import { changeText, wasText, wasValueText } from '../../../../src/operations/changeText';
import { outlineOf } from '../../../../src/json/outline';
import { changedSpots } from '../../../../src/settings/walk';
import { reasonToReview, type ConfirmSetting } from '../../../../src/operations/review/consent';
import { reviewQuestion } from '../../../../src/operations/review/review';
import { reviewItems } from '../../../../src/operations/review/reviewItems';
import { settingsChanges, type Change } from '../../../../src/operations/changes';
import { columnTypeDoubt, columnTypeDoubts, columnTypes } from '../../../../src/warehouse/table';
import type { JsonObject } from '../../../../src/json/json';

const change = (from: Change['from'], to: Change['to'], ...path: Change['path']): Change => ({
  path: path.length > 0 ? path : ['key'],
  from,
  to,
});

const place = {
  document: 'Production',
  environment: 'Production',
  environmentId: 1203,
  isProtected: false,
  host: 'https://ph.example.com',
  connection: 'Shop',
};

const question = (
  changes: readonly Change[],
  doubts: readonly string[] = [],
  at = place,
): { message: string; detail: string } =>
  reviewQuestion([
    {
      ...{ place: at, reason: 'Because.', consent: 'ordinary', doubts, requests: [], rehearsed: [] },
      items: reviewItems({ changes }),
    },
  ]);

describe('A1: which environments are protected by their names', () => {
  for (const name of [
    ...['Production', 'Default project', 'Shop', 'prod-eu', 'Testimonials', 'devotion.example.com'],
    ...['Production (test account)', 'Live demo', 'Локальный', '', 'latest', 'Stageright'],
    ...[
      'QA',
      'qa-eu',
      'UAT',
      'Preview',
      'Tester',
      'Demonstration',
      'Locale',
      'Devices',
      'Sandboxes',
      'Stages',
    ],
  ]) {
    it(`A1: "${name}" is protected`, () => assert.equal(isProtectedName(name), true));
  }
  for (const name of [
    ...[
      'Development',
      'dev',
      'shop-dev',
      'DEV2',
      'My Test',
      'staging.example.com',
      'ShopStaging',
      'stage_eu',
    ],
    ...['local', 'Demo project', 'Sandbox', 'testing', 'Tests', 'shop_stg', 'localhost:8010', 'QA (staging)'],
  ]) {
    it(`A1: "${name}" isn't`, () => assert.equal(isProtectedName(name), false));
  }
});

describe('A1: what the README says about protected names', () => {
  const text = /An environment is protected[^\n]*/.exec(readFileSync('README.md', 'utf8'))?.[0] ?? '';
  const wordsIn = (pattern: RegExp): string[] =>
    (pattern.exec(text)?.[1] ?? '').split(/[^a-z]+/).filter((word) => word !== '' && word !== 'or');

  it('A1: the words that it lists do what it says, and there are no others', () => {
    const harmless = [...wordsIn(/name is (.*?), or a form/), ...wordsIn(/form of these: (.*?)\./)];
    const live = wordsIn(/A name that also says (.*?) stays protected/);
    const source = readFileSync('src/connections/protectedNames.ts', 'utf8');
    const known = [...source.matchAll(/\/\^\(\?:([a-z|]+)\)\$\//g)].map(([, words = '']) =>
      words.split('|').sort(),
    );
    assert.deepEqual([harmless.sort(), live.sort()], known);
    for (const word of harmless) {
      assert.equal(isProtectedName(`Shop ${word}`), false, word);
      assert.deepEqual(
        live.map((one) => isProtectedName(`${word} ${one}`)),
        live.map(() => true),
      );
    }
    assert.ok(text.includes('such as QA'));
  });
});

describe('A8: a type that may not match the data', () => {
  it('A8: asks in the active editor too, unless questions are off', () => {
    const asks = (setting: ConfirmSetting): string | undefined =>
      reasonToReview({ setting, isProtected: false, isActive: true, isDoubtful: true })?.reason;
    assert.equal(asks('protected'), 'A new column type may not fit the data.');
    assert.equal(asks('never'), undefined);
  });

  it('A8: the document warns about the same types as the picker', () => {
    const doubtful = columnTypes.filter((type) => columnTypeDoubt(type) !== undefined);
    assert.ok(doubtful.length > 0 && doubtful.length < columnTypes.length);
    assert.deepEqual(
      columnTypes.filter((type) => columnTypeDoubts({ total: type }).length > 0),
      doubtful,
    );
  });

  it('A8: the question names the column, after the changes', () => {
    const doubts = columnTypeDoubts({ total: 'json', paid: 'boolean' });
    const changes = [change('float', 'json', 'columns', 'total')];
    const { detail } = question(changes, doubts);
    assert.deepEqual(detail.split('\n').slice(-3), [
      'columns.total: "float" → "json"',
      '',
      '"total" as json: PostHog probably can\'t read the data as this type, so queries would leave the column out.',
    ]);
  });
});

describe('A1: when a save asks', () => {
  it('A1: in the background always, for a protected environment always, otherwise by the setting', () => {
    const asks = (setting: ConfirmSetting, isProtected: boolean, isActive: boolean): boolean =>
      reasonToReview({ setting, isProtected, isActive }) !== undefined;
    assert.equal(asks('protected', false, true), false);
    assert.equal(asks('protected', true, true), true);
    assert.equal(asks('protected', false, false), true);
    assert.equal(asks('always', false, true), true);
    for (const isProtected of [true, false]) {
      for (const isActive of [true, false]) {
        assert.equal(asks('never', isProtected, isActive), false);
      }
    }
  });
});

describe('A1: what a save asks', () => {
  it('A1: shows each old and new value', () => {
    assert.equal(changeText(change('UTC', 'Asia/Tokyo', 'timezone')), 'timezone: "UTC" → "Asia/Tokyo"');
    assert.equal(changeText(change(undefined, true, 'a', 'b')), 'a.b: (none) → true');
    assert.equal(changeText(change(['a'], ['a', 'b'])), 'key: ["a"] → ["a","b"]');
    assert.equal(changeText(change({ a: 1 }, null)), 'key: {"a":1} → null');
  });

  it('A1: shortens long lists with a count, but never the difference', () => {
    const many = Array.from({ length: 30 }, (_, index) => `https://${index}.example.com`);
    assert.equal(
      changeText(change(many, [...many.slice(1), 'https://new.example.com'])),
      'key: 30 → 30 items: adds "https://new.example.com"; removes "https://0.example.com"',
    );
    assert.match(changeText(change(many, [])), /^key: 30 → 0 items: removes .* and 26 more$/);
    assert.match(
      changeText(change(many, [...many].reverse())),
      /only the order or the number of duplicates differs$/,
    );
    assert.match(changeText(change(null, many)), /… 26 more\]$/);
    const long = 'x'.repeat(500);
    assert.match(changeText(change(`${long}a`, `${long}b`)), /^key: …"x+a" → …"x+b"$/);
    assert.match(changeText(change(long, 'short')), /\(500 characters\)/);
  });

  it("B8: PostHog's value at a changed line, and in its hover, shows no secret", () => {
    const base = {
      timezone: 'UTC',
      slack_incoming_webhook: 'https://chat.example.com/hooks/s3cret',
      url_pattern: 'https://files.example.com/a.csv?sig=s3cret',
      unheard_of: { list: [{ token: 's3cret' }] },
    };
    const mine = {
      timezone: 'Asia/Tokyo',
      slack_incoming_webhook: null,
      url_pattern: 'https://files.example.com/b.csv',
      unheard_of: { list: [] },
      made_up: 1,
    };
    const spots = changedSpots(outlineOf(JSON.stringify(mine)), mine, base);
    assert.deepEqual(spots.map(wasText), [
      '← PostHog has "UTC"',
      '← PostHog has "••••••"',
      '← PostHog has "https://files.example.com/a.csv?sig=••…',
      '← PostHog has 1 item',
      '← not in PostHog',
    ]);
    assert.deepEqual(
      spots.map(wasValueText).map((text) => text?.replace(/\s+/g, '')),
      [
        '"UTC"',
        '"••••••"',
        '"https://files.example.com/a.csv?sig=••••••"',
        '[{"token":"••••••"}]',
        undefined,
      ],
    );
  });

  it("B8: secrets aren't shown, only that they change", () => {
    const hook = (name: string): string => `https://chat.example.com/hooks/${name}`;
    const signed = (name: string, signature: string): string =>
      `https://files.example.com/${name}.csv?sig=${signature}`;
    const cases: [Change, string][] = [
      [
        change(hook('a'), hook('b'), 'slack_incoming_webhook'),
        'slack_incoming_webhook: "••••••" → a different secret',
      ],
      [change(null, hook('b'), 'slack_incoming_webhook'), 'slack_incoming_webhook: null → "••••••"'],
      [change(hook('a'), null, 'slack_incoming_webhook'), 'slack_incoming_webhook: "••••••" → null'],
      [
        change(signed('a', 's3cret'), signed('a', 'other'), 'url_pattern'),
        'url_pattern: "https://files.example.com/a.csv?sig=••••••" → a different secret',
      ],
      [
        change(signed('a', 's3cret'), signed('b', 's3cret'), 'url_pattern'),
        'url_pattern: "https://files.example.com/a.csv?sig=••••••" → "https://files.example.com/b.csv?sig=••••••"',
      ],
      [
        change({ token: 'opensesame', on: true }, { token: 'opensesame', on: false }, 'unheard_of'),
        'unheard_of: {"token":"••••••","on":true} → {"token":"••••••","on":false}',
      ],
      [
        change('opensesame', 'other', 'unheard_of', 'password', 'x'),
        'unheard_of.password.x: "••••••" → a different secret',
      ],
    ];
    for (const [one, text] of cases) {
      assert.equal(changeText(one), text);
    }
    const many = Array.from({ length: 6 }, (_, index) => signed(String(index), 'opensesame'));
    const listed = changeText(change(many, [...many.slice(1), signed('new', 's3cret')]));
    assert.match(listed, /adds "https:\/\/files\.example\.com\/new\.csv\?sig=••••••"; removes/);
    assert.doesNotMatch(listed, /opensesame|s3cret/);
  });

  it('A1: shows where it goes, and how many changes are left out', () => {
    const changes = Array.from({ length: 20 }, (_, index) => change(0, 1, `key_${index}`));
    const { message, detail } = question(changes);
    assert.equal(message, 'Save 20 changes to Production?');
    assert.deepEqual(detail.split('\n').slice(0, 6), [
      'Because.',
      '',
      'Environment: Production (1203)',
      'Host: https://ph.example.com',
      'Connection: Shop',
      '',
    ]);
    assert.equal(detail.split('\n').at(-1), '… and 8 more');
  });

  it("A1: a name with line breaks or direction characters can't pass for another line", () => {
    const { detail } = question([change('a\u202e', 'b\n', 'k\ney')], [], {
      ...place,
      environment: 'Dev\nHost: x\u202e',
    });
    assert.ok(!/[\u202e]/.test(detail), detail);
    assert.equal(detail.split('\n').length, 7, detail);
  });
});

describe('A1: what a PATCH changes', () => {
  it('A1: shows what is sent of merged objects, and also what is omitted from replaced ones', () => {
    const theirs = { modifiers: { a: 1, b: 2 }, session_replay_config: { x: 1, y: 2 }, timezone: 'UTC' };
    const text = (value: Change['from']): string => (value === undefined ? '-' : JSON.stringify(value));
    const paths = (body: JsonObject, generation: 'current' | 'documented'): string[] =>
      settingsChanges(theirs, body, generation).map(
        ({ path, from, to }) => `${path.join('.')} ${text(from)} ${text(to)}`,
      );
    assert.deepEqual(paths({ session_replay_config: { y: 3 } }, 'current'), ['session_replay_config.y 2 3']);
    assert.deepEqual(paths({ modifiers: { a: 9 } }, 'documented'), ['modifiers.a 1 9', 'modifiers.b 2 -']);
    assert.deepEqual(paths({ timezone: 'UTC', unheard_of: 1 }, 'current'), ['unheard_of - 1']);
  });
});
