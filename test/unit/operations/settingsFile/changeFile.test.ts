import assert from 'node:assert/strict';
import {
  changeFileText,
  proposalText,
  readChangeFile,
  withoutSecrets,
} from '../../../../src/operations/settingsFile/changeFile';
import { changeFileJsonSchema } from '../../../../src/operations/settingsFile/changeFileSchema';
import { checkChangeFile } from '../../../../src/operations/settingsFile/checkChangeFile';
import { recorded } from '../../../../src/operations/history/entry';
import type { JsonObject } from '../../../../src/json/json';

const target = {
  ...{ name: 'staging', host: 'https://eu.posthog.com', id: 7, projectId: 7 },
  ...{ isProtected: undefined, isReadOnly: false, settings: {} },
};
const createdAt = '2026-01-02T03:04:05.000Z';
const toTokyo = { path: ['timezone'], from: 'UTC', to: 'Asia/Tokyo' };

const textWith = (change: JsonObject, more: JsonObject = {}): string =>
  JSON.stringify({
    ...{ formatVersion: 1, createdAt },
    environments: [{ name: 'staging', host: target.host, id: 7, changes: [change] }],
    ...more,
  });

const problems = (text: string): string[] => checkChangeFile(text).map(({ message }) => message);

describe('a change file', () => {
  it('12.8: has base, changes, author, reason and time, and is read as it was written', () => {
    const file = {
      by: 'Ada Example',
      why: 'We moved',
      createdAt,
      environments: [{ target, changes: [toTokyo] }],
    };
    const read = readChangeFile(changeFileText(file));
    assert.deepEqual('file' in read ? read.file : read, { formatVersion: 1, ...file });
    assert.deepEqual(problems(changeFileText(file)), []);
  });

  it('12.8: shows author and reason on one line, whatever the file contains', () => {
    assert.equal(
      proposalText({ by: 'Ada\nExample', why: ' We\n\nmoved ' }, 'Jan 2, 2026'),
      'Proposed by Ada Example on Jan 2, 2026: "We moved".',
    );
    assert.equal(proposalText({}, 'Jan 2, 2026'), 'Proposed on Jan 2, 2026.');
    assert.ok(proposalText({ why: 'x'.repeat(5000) }, 'today').length < 400);
  });

  it('12.8: leaves out values that contain a secret, and lists them', () => {
    const hook = {
      path: ['slack_incoming_webhook'],
      from: null,
      to: 'https://hooks.slack.com/services/T0/B0/x',
    };
    const { proposed, leftOut } = withoutSecrets({ target, changes: [recorded(hook), recorded(toTokyo)] });
    assert.deepEqual(leftOut, ['slack_incoming_webhook']);
    assert.deepEqual(proposed.changes, [toTokyo]);
    assert.ok(!JSON.stringify(proposed).includes('B0/x'));
  });

  it('12.8: is checked offline: form, names, values and secrets', () => {
    assert.deepEqual(problems('{}'), [
      '"formatVersion" is missing.',
      '"createdAt" is missing.',
      '"environments" is missing.',
    ]);
    assert.deepEqual(problems(textWith(toTokyo, { createdAt: 'yesterday' })), [
      '"createdAt" must be a date and time.',
    ]);
    assert.deepEqual(problems(textWith({ path: ['timezon'], to: 'UTC' })), [
      'Unknown setting "timezon". Check the spelling.',
    ]);
    assert.match(problems(textWith({ path: ['timezone'], to: 5 })).join(), /timezone|string/i);
    assert.match(
      problems(textWith({ path: ['app_urls'], to: ['https://user:pw@example.com'] })).join(),
      /contains a secret/,
    );
    assert.deepEqual(problems(textWith({ path: ['app_urls', 0], to: 'https://example.com' })), [
      'A path can only contain strings.',
    ]);
    assert.deepEqual(problems('{'), [], 'the JSON language reports syntax errors');
  });

  it('11: deep nesting never breaks it: the document is rejected with a reason, and the place is marked', () => {
    for (const depth of [201, 5_000, 100_000]) {
      const value = '{"o":'.repeat(depth) + '1' + '}'.repeat(depth);
      const text = textWith({ path: ['extra_settings'], from: null, to: 'here' }).replace('"here"', value);
      const read = readChangeFile(text);
      assert.match('problem' in read ? read.problem : '', /nested more than 200 levels deep/);
      const [problem, ...others] = checkChangeFile(text);
      assert.deepEqual([problem?.code, problem?.severity, others], ['too-deep', 'error', []]);
      assert.ok((problem?.offset ?? 0) > text.indexOf('extra_settings'));
    }
  });

  it('12.8: has a schema that completes settings and their values', () => {
    const schema = JSON.stringify(changeFileJsonSchema());
    assert.match(schema, /"enum":\[[^\]]*"timezone"/);
    assert.match(schema, /"const":"timezone"/);
    assert.match(schema, /Asia\/Tokyo/);
    assert.ok(
      !schema.includes('"const":"slack_incoming_webhook"') && !schema.includes('"const":"api_token"'),
    );
  });
});
