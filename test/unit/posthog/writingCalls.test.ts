import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** Quoted words between two markers in a file. */
function quotedBetween(file: string, start: string, end: string): string[] {
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(start);
  assert.ok(from >= 0, `${file} has no ${start}`);
  const part = text.slice(from, text.indexOf(end, from));
  return [...part.matchAll(/'(\w+)'/g)].flatMap(([, word]) => word ?? []).sort();
}

/** The client's methods that send something that changes PostHog. */
function writingMethods(): string[] {
  const text = readFileSync('src/posthog/client.ts', 'utf8');
  const methods = text.split(/\n  (?=(?:async )?[#\w]+\()/).slice(1);
  return methods
    .filter((method) => /method: '(POST|PATCH|PUT|DELETE)'|this\.#schemaAction\(|new Uploads\(/.test(method))
    .flatMap((method) => /^(?:async )?(\w+)\(/.exec(method)?.[1] ?? [])
    .sort();
}

describe('calls that write to PostHog', () => {
  it('10.6: a lint rule reserves every writing method of the client for operations', () => {
    const methods = writingMethods();
    assert.ok(methods.includes('patchTable'), methods.join());
    assert.deepEqual(quotedBetween('eslint.config.mjs', 'const operationCalls', '];'), methods);
  });

  it('10.6: a client for reading and planning has none of them', () => {
    assert.deepEqual(quotedBetween('src/posthog/client.ts', 'type WritingCall', ';'), writingMethods());
  });
});
