import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { PostHogError, causesText, isPostHogError, restate } from '../../../src/posthog/errors';
import type { PostHogErrorKind } from '../../../src/posthog/errors';
import type { Transport } from '../../../src/posthog/http';
import { rareSentences } from '../../../src/posthog/rareRefusals';
import {
  CURRENT,
  KEY,
  ScriptedServer,
  clientOf,
  never,
  refuse,
  rejected,
  sendJson,
  sendText,
} from './server';
import type { Script } from './server';

const ref = { id: 7, projectId: 7 };

describe('messages of a refusal', () => {
  const server = new ScriptedServer();
  before(() => server.start());
  after(() => server.stop());
  const patch = () => clientOf(server).patchEnvironment(ref, { name: 'x' }, never());

  const bare =
    (status: number, body: unknown): Script =>
    (_seen, response) =>
      sendJson(response, status, body);

  const refusals: [string, Script, PostHogErrorKind, RegExp][] = [
    [
      'a bad key',
      refuse(401, 'Personal API key found in request Authorization header is invalid.'),
      'unauthorized',
      /rejected the API key\..*revoked, or belong to a different server than .*\. Replace the key\.$/,
    ],
    [
      'a missing scope',
      refuse(403, "API key missing required scope 'project:write'"),
      'missing-scope',
      /missing the scope project:write.*Add the scope project:write/,
    ],
    [
      'an action that rejects keys, in the newer wording',
      refuse(403, 'This action does not support personal API key access'),
      'keys-not-supported',
      /doesn't allow API keys to do this/,
    ],
    [
      'an action that rejects keys, in the older wording',
      refuse(403, 'This action does not support Personal API Key access'),
      'keys-not-supported',
      /doesn't allow API keys to do this/,
    ],
    [
      'a key for other projects',
      refuse(403, 'API key does not have access to the requested project: ID 7.'),
      'key-restricted',
      /limited to other projects.*ID 7\..*Use a key/,
    ],
    [
      'a project-scoped key that lists all projects',
      refuse(403, 'API keys with scoped projects are only supported on project-based endpoints.'),
      'key-restricted',
      /limited/,
    ],
    [
      'a role that is too low',
      refuse(403, 'Only project admins can modify these settings: timezone'),
      'forbidden',
      /didn't allow this\. It says: Only project admins.*timezone\. Ask an organization admin/,
    ],
    [
      "a plan that doesn't include it",
      refuse(402, 'Audit logs need a plan.'),
      'payment-required',
      /Audit logs/,
    ],
    ['something gone', refuse(404, 'Not found.'), 'not-found', /doesn't have this\..*deleted/],
    ['an unknown route', refuse(404, 'Endpoint not found.'), 'endpoint-missing', /doesn't support this/],
    ['an unknown method', refuse(405, 'Method "PUT" not allowed.'), 'endpoint-missing', /doesn't support/],
    [
      "a value that isn't allowed",
      refuse(400, '"Mars/Base" is not a valid choice.', { code: 'invalid_choice', attr: 'timezone' }),
      'validation',
      /rejected the values\. It says: "Mars\/Base" is not a valid choice\./,
    ],
    [
      "a name that's taken",
      refuse(409, 'There is already a project called "X" in this organization.', { code: 'conflict' }),
      'conflict',
      /already a project called "X"/,
    ],
    ['an unsupported media type', refuse(415, 'Unsupported.'), 'unsupported-media-type', /Unsupported/],
    ["a body that's too large", bare(413, undefined), 'too-large', /too large/],
    ['a server error', refuse(500, 'A server error occurred.'), 'server', /HTTP 500.*Couldn't confirm/],
    [
      'an error of a table action',
      bare(400, { message: "Can't delete a sourced table" }),
      'validation',
      /sourced table/,
    ],
    ['an error of a team action', bare(400, { error: 'Source is busy' }), 'validation', /Source is busy/],
    ['a bare field error', bare(400, { name: ['This field is required.'] }), 'validation', /is required/],
    ['a list of errors', bare(400, ['Wrong.']), 'validation', /Wrong\./],
    ['an odd status', bare(418, { detail: 'teapot' }), 'unexpected-answer', /HTTP 418.*teapot/],
    [
      'a proxy that requires a sign-in',
      (_seen, response) => sendText(response, 407, '<html>Proxy</html>'),
      'proxy-auth',
      /proxy/,
    ],
    [
      'a rate limit of a proxy, as a web page',
      (_seen, response) => sendText(response, 413, '<html>nginx</html>'),
      'too-large',
      /limits the size/,
    ],
  ];
  for (const [name, script, kind, message] of refusals) {
    it(name, async () => {
      server.play(script);
      const error = await rejected(patch(), kind);
      assert.match(error.message, message);
      assert.equal(error.message, [error.what, error.why, error.remedy].filter(Boolean).join(' '));
      assert.equal(error.mayHaveBeenApplied, (error.status ?? 0) >= 500);
    });
  }

  it('only mentions regions to those who use PostHog Cloud', async () => {
    const refusal = {
      ...{
        status: 401,
        json: undefined,
        isHtml: false,
        page: '',
        challenge: '',
        retryAfterSeconds: undefined,
      },
      ...{ isWrite: false, key: KEY },
    };
    const said = async (origin: string): Promise<string> => {
      const { why, remedy } = await rareSentences({ ...refusal, origin }, '');
      return `${why} ${remedy}`;
    };
    assert.match(await said('https://eu.posthog.com'), /different region or server.* in the US or the EU\.$/);
    assert.doesNotMatch(await said('https://posthog.example.com'), /region|EU/);
  });

  it('keeps code, attr, scope and status for callers', async () => {
    server.play(refuse(400, 'Bad.', { code: 'max_value', attr: 'session_recording_sample_rate' }));
    const bad = await rejected(patch());
    assert.deepEqual(
      [bad.status, bad.code, bad.attr, bad.detail],
      [400, 'max_value', 'session_recording_sample_rate', 'Bad.'],
    );
    server.play(refuse(403, "API key missing required scope 'warehouse_table:write'"));
    assert.equal((await rejected(patch())).scope, 'warehouse_table:write');
  });

  it('10.5: knows the subject of a 409, which the envelope lacks', async () => {
    server.play(refuse(409, 'There is already a project called "X" in this organization.'));
    assert.equal((await rejected(patch(), 'conflict')).attr, 'name');
  });

  it('10.5: carries its cause without secrets, for the log', async () => {
    const logged: (string | undefined)[] = [];
    const headers = `Authorization: Bearer ${KEY}`;
    const transport: Transport = () =>
      Promise.reject(
        new TypeError('fetch failed', {
          cause: Object.assign(new Error(`socket closed after ${headers}`), { code: 'ECONNRESET' }),
        }),
      );
    const client = clientOf(server, { transport, onRequest: ({ cause }) => logged.push(cause) });
    const error = await rejected(client.getMe(never()), 'network');
    assert.ok(error.cause instanceof Error && error.cause.cause instanceof Error);
    assert.equal(error.cause.message, 'TypeError: fetch failed');
    assert.match(error.cause.cause.message, /^Error ECONNRESET: socket closed/);
    assert.ok(!inspect(error, { depth: 9 }).includes(KEY));
    assert.deepEqual(logged, [causesText(error)]);
    assert.equal(restate(error, { what: 'In other words.' }).cause, error.cause);
  });

  it('repeats neither the key nor anything that looks like one', async () => {
    const echoes = [
      `You sent ${KEY} and phs_secretOfProject99, also pha_token-1.`,
      `${KEY.slice(0, 9)}\u200b${KEY.slice(9)} was split`,
      `${'x'.repeat(290)}${KEY}`,
    ];
    for (const echo of echoes) {
      server.play(refuse(400, echo, { code: KEY, attr: KEY }));
      const error = await rejected(patch(), 'validation');
      assert.doesNotMatch(JSON.stringify(error) + error.message, /phs_|pha_|testKey/);
    }
  });

  it("doesn't repeat an old key without a prefix either", async () => {
    const key = 'oldKeyWithoutPrefix+/=';
    server.play(refuse(400, `Key ${key} (${encodeURIComponent(key)}) is odd.`));
    const client = clientOf(server, { key: async () => key });
    const error = await rejected(client.getMe(never()), 'validation');
    assert.doesNotMatch(error.message, /oldKey/);
  });

  it('shortens a long text and puts it on one line', async () => {
    server.play(refuse(400, `first\n\n  second ${'long '.repeat(500)}`));
    const error = await rejected(patch());
    assert.ok((error.detail ?? '').length <= 300);
    assert.match(error.detail ?? '', /^first second long/);
    assert.match(error.detail ?? '', /…$/);
  });

  it("shows no text that isn't JSON", async () => {
    server.play((_seen, response) =>
      sendText(response, 500, 'Traceback (most recent call last)', 'text/plain'),
    );
    assert.doesNotMatch((await rejected(patch(), 'server')).message, /Traceback/);
  });

  it('belongs to one family for arbitrary responses, and never contains the key', async () => {
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc.string().map((text) => `${text}${KEY}`),
      fc.constantFrom(KEY, `"${KEY}"`, `{"detail":"${KEY}"}`, `{"a":{"b":["${KEY}"]}}`, '{"detail":', '<p>'),
      fc.json().map((inner) => `{"count":1,"next":null,"results":[${inner}]}`),
      fc.json().map((inner) => `{"id":1,"name":"n","columns":${inner},"results":${inner}}`),
    );
    const status = fc.constantFrom(200, 201, 202, 204, 400, 401, 402, 403, 404, 409, 418, 429, 500, 503);
    const contentType = fc.constantFrom('application/json', 'text/html', 'text/plain', 'x');
    const methods = [
      (signal: AbortSignal) => clientOf(server).getEnvironment(ref, signal),
      (signal: AbortSignal) => clientOf(server).patchEnvironment(ref, {}, signal),
      (signal: AbortSignal) => clientOf(server).listTables(ref, { offset: 0, limit: 5 }, signal),
      (signal: AbortSignal) => clientOf(server).getTable(ref, 'a', signal),
      (signal: AbortSignal) => clientOf(server).updateSchema(ref, 'a', {}, signal),
      (signal: AbortSignal) => clientOf(server).getWebVitals(ref, '/', signal),
      (signal: AbortSignal) => clientOf(server).query(ref, { sql: 'x', clientQueryId: 'q' }, signal),
      (signal: AbortSignal) => clientOf(server).listActivityLog(ref, undefined, signal),
      (signal: AbortSignal) => clientOf(server).listOrganizations({ offset: 0, limit: 5 }, signal),
      (signal: AbortSignal) => clientOf(server).getKeyInfo(signal),
      (signal: AbortSignal) => clientOf(server).detect({ projectId: 7, environmentId: 7 }, signal),
    ];
    await fc.assert(
      fc.asyncProperty(body, status, contentType, fc.nat(methods.length - 1), async (...drawn) => {
        const [text, code, type, index] = drawn;
        let answers = 0;
        server.play((_seen, response) => {
          answers += 1;
          // A query that stays at 202 would be polled to its limit.
          sendText(response, code === 202 && answers > 3 ? 500 : code, code === 204 ? '' : text, type);
        });
        const error: unknown = await methods[index]?.(never()).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        assert.ok(error === undefined || isPostHogError(error), String(error));
        assert.ok(!`${JSON.stringify(error)}${error?.message ?? ''}`.includes(KEY));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the error family', () => {
  const facts = { kind: 'server' as const, what: 'It failed.', why: '', remedy: 'Try again.' };

  it('is recognized without instanceof, because bundles have their own copies', () => {
    const error = new PostHogError(facts);
    const copy = Object.assign(new Error('x'), { kind: 'server' });
    Object.defineProperty(copy, Symbol.for('posthog-environments.PostHogError'), { value: true });
    assert.ok(isPostHogError(error));
    assert.ok(isPostHogError(copy));
    assert.ok(!isPostHogError(new Error('x')));
    assert.ok(!isPostHogError({ kind: 'server' }));
    assert.ok(!isPostHogError(undefined));
  });

  it('can be reworded', () => {
    const error = restate(new PostHogError({ ...facts, status: 500, mayHaveBeenApplied: true }), {
      what: 'The column was not changed.',
    });
    assert.equal(error.message, 'The column was not changed. Try again.');
    assert.deepEqual([error.kind, error.status, error.mayHaveBeenApplied], ['server', 500, true]);
  });
});

describe('a failing connection', () => {
  const refused: [string, object, PostHogErrorKind, RegExp, boolean][] = [
    ['an unknown host', { code: 'ENOTFOUND' }, 'network', /Couldn't find/, false],
    ['nobody there', { code: 'ECONNREFUSED' }, 'network', /refused the connection/, false],
    ['connection reset', { code: 'ECONNRESET' }, 'network', /failed.*Couldn't confirm/, true],
    [
      'a connection reset while connecting',
      { code: 'ECONNRESET', syscall: 'connect' },
      'network',
      /failed/,
      false,
    ],
    ...['read EHOSTUNREACH', 'read ENETDOWN', 'write ENETUNREACH'].map((failed): (typeof refused)[number] => {
      const [syscall, code] = failed.split(' ');
      return [`9.A: ${failed} after sending`, { code, syscall }, 'network', /failed.*Couldn't confirm/, true];
    }),
    [
      'no route while connecting',
      { code: 'EHOSTUNREACH', syscall: 'connect' },
      'network',
      /The connection to .* failed/,
      false,
    ],
    ['own certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, 'certificate', /isn't trusted/, false],
    ['company certificate', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'certificate', /authority/, false],
    ['missing link', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'certificate', /authority/, false],
    ['expired', { code: 'CERT_HAS_EXPIRED' }, 'certificate', /expired/, false],
    ['other name', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'certificate', /a different host name/, false],
    ['a server without TLS', { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }, 'network', /secure connection/, false],
    ['a timeout while connecting', { code: 'UND_ERR_CONNECT_TIMEOUT' }, 'timeout', /in time/, false],
    [
      'a timeout while waiting for the response',
      { code: 'UND_ERR_HEADERS_TIMEOUT' },
      'timeout',
      /Couldn't confirm/,
      true,
    ],
    ['proxy', { message: 'Proxy response (407) !== 200 when HTTP Tunneling' }, 'proxy-auth', /proxy/, false],
    ['nothing known', {}, 'network', /failed/, true],
  ];
  for (const [name, cause, kind, message, mayHaveBeenApplied] of refused) {
    it(name, async () => {
      const transport = () =>
        Promise.reject(
          new TypeError(`fetch failed with ${KEY}`, { cause: Object.assign(new Error(KEY), cause) }),
        );
      const client = clientOf({ origin: 'https://posthog.example.com' }, { transport, profile: CURRENT });
      const error = await rejected(client.patchEnvironment(ref, { name: 'x' }, never()), kind);
      assert.match(error.message, message);
      assert.equal(error.mayHaveBeenApplied, mayHaveBeenApplied);
      const read = await rejected(client.getEnvironment(ref, never()), kind);
      assert.equal(read.mayHaveBeenApplied, false);
    });
  }

  it('is recognized for a port without a server', async () => {
    const server = new ScriptedServer();
    await server.start();
    const { origin } = server;
    await server.stop();
    const error = await rejected(clientOf({ origin }).patchEnvironment(ref, {}, never()), 'network');
    assert.equal(error.code, 'ECONNREFUSED');
    assert.equal(error.mayHaveBeenApplied, false);
  });

  it('is recognized if plain http responds to https', async () => {
    const server = new ScriptedServer();
    await server.start();
    try {
      const origin = server.origin.replace('http:', 'https:');
      await rejected(clientOf({ origin }).getEnvironment(ref, never()), 'network');
    } finally {
      await server.stop();
    }
  });
});
