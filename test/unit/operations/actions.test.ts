import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  actionFor,
  actionLabels,
  commonAction,
  lastingActionFor,
  panelLabel,
  retryHelps,
} from '../../../src/operations/actions';
import { Canceled, PostHogError, type PostHogErrorKind } from '../../../src/posthog/errors';

const failure = (kind: PostHogErrorKind, connectionId?: string): PostHogError =>
  new PostHogError({ kind, what: 'It failed.', why: '', remedy: '', connectionId });

describe('the action that an error offers', () => {
  it('10.5: a key without permission can be replaced if the connection is known', () => {
    assert.deepEqual(actionFor(failure('unauthorized', 'a')), { kind: 'replaceKey', connectionId: 'a' });
    assert.deepEqual(actionFor(failure('missing-scope'), 'b'), { kind: 'replaceKey', connectionId: 'b' });
    assert.deepEqual(actionFor(failure('key-restricted', 'a')), { kind: 'replaceKey', connectionId: 'a' });
    assert.equal(actionFor(failure('unauthorized')), undefined);
  });

  it('10.5: retrying is offered where it is known to help', () => {
    for (const kind of ['server', 'throttled', 'network', 'timeout', 'html-answer'] as const) {
      assert.deepEqual(actionFor(failure(kind)), { kind: 'retry' });
      assert.ok(retryHelps(failure(kind)));
    }
    for (const kind of ['forbidden', 'not-found', 'payment-required', 'bad-address'] as const) {
      assert.equal(actionFor(failure(kind)), undefined);
      assert.ok(!retryHelps(failure(kind)));
    }
    assert.equal(actionFor(failure('validation')), undefined);
    assert.ok(retryHelps(failure('validation')), 'after a correction');
  });

  it('10.5: what no key can do is offered in PostHog; a bug in the extension offers the log', () => {
    assert.deepEqual(actionFor(failure('keys-not-supported')), { kind: 'openInPostHog' });
    assert.deepEqual(actionFor(new TypeError('ours')), { kind: 'showLog' });
    assert.ok(!retryHelps(new TypeError('ours')));
  });

  it('10.5: a row or a panel also offers a retry after a correction, but not if no retry helps', () => {
    assert.deepEqual(lastingActionFor(failure('server')), { kind: 'retry' });
    assert.deepEqual(lastingActionFor(failure('certificate')), { kind: 'retry' });
    assert.deepEqual(lastingActionFor(failure('unauthorized', 'a')), {
      kind: 'replaceKey',
      connectionId: 'a',
    });
    assert.deepEqual(lastingActionFor(new TypeError('ours')), { kind: 'showLog' });
    assert.equal(lastingActionFor(failure('forbidden')), undefined);
    assert.equal(lastingActionFor(failure('not-found')), undefined);
  });

  it('10.5: a cancellation has no action', () => {
    assert.equal(actionFor(new Canceled()), undefined);
  });

  it('10.5: several failures offer an action only if all of them do', () => {
    const expected = { kind: 'replaceKey', connectionId: 'a' };
    assert.deepEqual(commonAction([failure('unauthorized'), failure('missing-scope')], 'a'), expected);
    assert.equal(commonAction([failure('unauthorized'), failure('forbidden')], 'a'), undefined);
    assert.equal(commonAction([]), undefined);
  });

  it('10.5: the labels of actions are written only once', () => {
    assert.equal(panelLabel('replaceKey'), 'Replace key…');
    // The other labels are also titles of commands.
    const { replaceKey, retry, resolve, showProblems, showLog } = actionLabels;
    const labels = [replaceKey, retry, resolve, showProblems, showLog].flatMap((label) => [
      label,
      label.charAt(0) + label.slice(1).toLowerCase(),
    ]);
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.startsWith('sandbox'),
    );
    const found = files.flatMap((file) =>
      [...readFileSync(join('src', file), 'utf8').matchAll(/'([^'\n]+)'|`([^`\n]+)`/g)]
        .filter(([, text = '', template = text]) => labels.includes(template))
        .map(([text]) => `${file.replaceAll('\\', '/')}: ${text}`),
    );
    assert.deepEqual(
      found.filter((line) => !line.startsWith('operations/actions.ts: ')),
      [],
    );
  });
});
