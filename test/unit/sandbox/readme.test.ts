import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { FAULT_KINDS, KEY_NAMES } from '../../../src/sandbox/index';

/** The README's section about the sandbox, and the only session in it. */
function readSection(): { section: string; session: string } {
  const section = /^## The sandbox\n(.*?)^## /ms.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
  const sessions = [...section.matchAll(/^```bash\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  assert.equal(sessions.length, 1);
  return { section, session: sessions[0] ?? '' };
}

interface Run {
  code: number | null;
  lines: string[];
  errors: string;
}

/** Runs the session in bash, with npm's tools and optionally another folder first in PATH. */
async function runSession(session: string, tools: readonly string[]): Promise<Run> {
  const path = [...tools, resolve('node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn('bash', ['-c', session], {
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  // The sandbox inherits the error pipe: `close` comes once it has exited too.
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, lines: output.replaceAll('\r', '').split('\n'), errors };
}

interface Reply {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** The output of `curl -i` from a line on: status line, headers, an empty line, the body. */
function readReply(lines: readonly string[], from: number): { reply: Reply; next: number } {
  const end = lines.indexOf('', from);
  const headers = lines.slice(from + 1, end).map((line): [string, string] => {
    const [, name = '', value = ''] = /^([^:]*): (.*)$/.exec(line) ?? [];
    return [name.toLowerCase(), value];
  });
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(lines[from] ?? '')?.[1]);
  return {
    reply: { status, headers: Object.fromEntries(headers), body: JSON.parse(lines[end + 1] ?? '') },
    next: end + 2,
  };
}

function checkAnswers({ code, lines, errors }: Run): void {
  assert.equal(code, 0, errors);
  const [projects, rate, choice, scope, table, rows, vitals] = lines;
  const json = (line: string | undefined): Record<string, unknown> =>
    JSON.parse(line ?? '') as Record<string, unknown>;

  const list = json(projects).results as { id: number; name: string }[];
  assert.deepEqual(
    list.map(({ id, name }) => [id, name]),
    [
      [1201, 'Development'],
      [1202, 'Staging'],
      [1203, 'Production'],
    ],
  );
  assert.ok(!projects?.includes('secret'));
  assert.equal(rate, '"session_recording_sample_rate":"0.40"');
  assert.deepEqual(json(choice), {
    type: 'validation_error',
    code: 'invalid_choice',
    detail: '"America/I_Dont_Exist" is not a valid choice.',
    attr: 'timezone',
  });
  assert.deepEqual(json(scope), {
    type: 'authentication_error',
    code: 'permission_denied',
    detail: "API key missing required scope 'project:write'",
    attr: null,
  });
  const columns = json(table).columns as { name: string; type: string }[];
  assert.deepEqual(
    [json(table).name, columns.map(({ name, type }) => [name, type])],
    [
      'shoes',
      [
        ['sku', 'string'],
        ['size', 'integer'],
        ['price', 'float'],
      ],
    ],
  );
  assert.deepEqual(json(rows).results, [
    ['boots', 42, 189.5],
    ['sandals', 38, 59.9],
  ]);
  const series = json(vitals).results as { action: { custom_name: string }; data: number[] }[];
  assert.deepEqual(Object.fromEntries(series.map(({ action, data }) => [action.custom_name, data])), {
    INP: [620, 580],
    LCP: [4900, 4600],
    CLS: [0.31, 0.29],
    FCP: [3400, 3200],
  });
  const nested = readReply(lines, 7);
  assert.deepEqual(
    [nested.reply.status, nested.reply.body],
    [
      403,
      {
        type: 'authentication_error',
        code: 'permission_denied',
        detail:
          'Multiple environments per project are no longer available. Please contact support if you need assistance.',
        attr: null,
      },
    ],
  );
  const throttled = readReply(lines, nested.next);
  assert.deepEqual([throttled.reply.status, throttled.reply.headers['retry-after']], [429, '13']);
  assert.deepEqual(lines.slice(throttled.next), ['']);
}

describe('sandbox: the README', () => {
  const { section, session } = readSection();
  let tools = '';
  before(() => {
    tools = mkdtempSync(join(tmpdir(), 'sandbox-readme-'));
    const standIn = resolve('dist/test/unit/sandbox/curlStandIn.js');
    const script = `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`;
    writeFileSync(join(tools, 'curl'), script, { mode: 0o755 });
  });
  after(() => rmSync(tools, { recursive: true }));

  it('names every key and every fault', () => {
    for (const name of [...KEY_NAMES, ...FAULT_KINDS]) {
      assert.ok(section.includes(`\`${name}\``), name);
    }
  });

  it('has a session that works as printed', async () => {
    // Without curl, the session runs with a stand-in written for Node, so that it is tested everywhere.
    const hasCurl = spawnSync('curl', ['--version']).status === 0;
    checkAnswers(await runSession(session, hasCurl ? [] : [tools]));
  });

  it('has a session that also runs with the stand-in for curl', async () => {
    checkAnswers(await runSession(session, [tools]));
  });
});
