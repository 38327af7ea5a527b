import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseOrigin } from '../../../src/posthog/origin';

describe('the address of a server', () => {
  const accepted: [string, string, { loopback?: boolean; insecure?: boolean }?][] = [
    ['US', 'https://us.posthog.com'],
    [' eu ', 'https://eu.posthog.com'],
    ['https://us.posthog.com/', 'https://us.posthog.com'],
    ['eu.posthog.com', 'https://eu.posthog.com'],
    ['https://app.posthog.com', 'https://us.posthog.com'],
    ['HTTPS://PostHog.Example.COM:8443', 'https://posthog.example.com:8443'],
    ['http://localhost:8000', 'http://localhost:8000', { loopback: true }],
    ['localhost:8000', 'http://localhost:8000', { loopback: true }],
    ['127.0.0.1:8010/', 'http://127.0.0.1:8010', { loopback: true }],
    ['http://[::1]:8000', 'http://[::1]:8000', { loopback: true }],
    ['https://localhost', 'https://localhost', { loopback: true }],
    ['http://posthog.lan', 'http://posthog.lan', { insecure: true }],
    ['http://127.0.0.1.example.com', 'http://127.0.0.1.example.com', { insecure: true }],
  ];
  for (const [input, origin, { loopback = false, insecure = false } = {}] of accepted) {
    it(`reads ${JSON.stringify(input)} as ${origin}`, () => {
      assert.deepEqual(parseOrigin(input), { ok: true, origin, loopback, insecure });
    });
  }

  const refused: [string, RegExp][] = [
    ['', /empty/],
    ['https://us.i.posthog.com', /only receives events.*https:\/\/us\.posthog\.com/],
    ['eu.i.posthog.com', /https:\/\/eu\.posthog\.com/],
    ['https://posthog.com', /website/],
    ['http://us.posthog.com', /only supports https/],
    ['https://us.posthog.com/project/1/settings', /Enter only the first part: https:\/\/us\.posthog\.com\./],
    ['https://posthog.example.com?x=1', /Enter only the first part/],
    ['https://posthog.example.com#top', /Enter only the first part/],
    ['https://us.posthog.com@example.com', /user name or password/],
    ['https://name:word@example.com', /user name or password/],
    ['ftp://example.com', /must start with https/],
    ['javascript://example.com', /must start with https/],
    ['https:\\\\example.com', /isn't an address/],
    ['https://exa mple.com', /isn't an address/],
    ['https:/example.com', /isn't an address|continues after/],
    ['example.com:99999', /isn't an address/],
    ['phx_abcdef', /looks like an API key/],
  ];
  for (const [input, problem] of refused) {
    it(`rejects ${JSON.stringify(input)} and says why`, () => {
      const parsed = parseOrigin(input);
      assert.ok(!parsed.ok);
      assert.match(parsed.problem, problem);
      assert.ok(!parsed.problem.includes('word@'), "a typed password isn't repeated");
    });
  }

  it('never throws, and accepts only origins', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true }), fc.domain()), (input) => {
        const parsed = parseOrigin(input);
        assert.ok(!parsed.ok || new URL(parsed.origin).origin === parsed.origin);
      }),
    );
  });
});
