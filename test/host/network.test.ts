import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import * as vscode from 'vscode';
import type { TestApi } from '../../src/extension';
import { isPostHogError, type PostHogError } from '../../src/posthog/errors';
import { MAX_PAGES } from '../../src/posthog/maxPages';
import { showFailure } from '../../src/ui/failureNotification';
import { activated } from './support/bench';
import type { TreeNode } from '../../src/tree/node';
import { ScriptedPrompts, search } from './support/prompts';

describe('faulty servers and proxies', () => {
  const id = randomUUID();
  let api: TestApi;
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    api = await activated();
  });
  afterEach(async () => {
    if (api.services.connections.get(id)) {
      await api.services.connections.remove(id);
    }
    await Promise.all(closing.splice(0).map((close) => close()));
    api.setPrompts(new ScriptedPrompts());
  });

  async function listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }

  const add = (origin: string): Promise<void> =>
    api.services.connections.add(
      {
        id,
        label: 'Odd server',
        kind: 'server',
        origin,
        access: { scopes: ['*'], scopedTeams: [], scopedOrganizations: [] },
      },
      'phx_testKeyOfNobody0123456789',
    );

  /** A server whose list of organizations never ends. */
  async function endless(organization: (asked: number) => object): Promise<{ asked(): number }> {
    let asked = 0;
    const answer: RequestListener = (_request, response) => {
      asked += 1;
      const results = [organization(asked)];
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ count: 1e9, next: 'http://x.example.com/', results }));
    };
    await add(`http://127.0.0.1:${await listen(createHttpServer(answer))}`);
    return { asked: () => asked };
  }

  const same = { id: 'a', name: 'Again', membership_level: 1, teams: [], projects: [] };

  /** The rows below the connection, with all pages loaded. */
  async function allRows(): Promise<TreeNode[]> {
    const { directory, provider } = api.services;
    const entry = directory.connection(id);
    assert.ok(entry);
    await directory.list(entry).loadAll();
    return provider.getChildren(await provider.row(entry));
  }

  it('C3: the tree stops loading a list that repeats itself, and reports it', async () => {
    const server = await endless(() => same);
    const rows = await allRows();
    assert.ok(server.asked() <= 4, String(server.asked()));
    assert.equal(rows.length, 2);
    assert.match(String(rows[1]?.item().description), /incomplete/);
  });

  it('C3: a list of endless new rows is loaded up to the page limit', async () => {
    const server = await endless((asked) => ({ ...same, id: `o${asked}`, name: `Organization ${asked}` }));
    const rows = await allRows();
    assert.ok(server.asked() <= 2 * MAX_PAGES, String(server.asked()));
    assert.match(String(rows.at(-1)?.item().description), /incomplete/);
  });

  it('C3: the search stops loading a list that repeats itself, and reports it', async () => {
    await endless(() => same);
    const prompts = new ScriptedPrompts(search('', undefined));
    api.setPrompts(prompts);
    await vscode.commands.executeCommand('posthogEnvironments.find');
    prompts.finish();
    assert.ok(
      prompts.descriptions.includes('The list of Odd server is incomplete'),
      prompts.descriptions.join(),
    );
  });

  it('B8: the log contains the failure and its cause', async () => {
    const lines: string[] = [];
    const { log } = api.services;
    const shown = new Proxy(log, {
      get: (target, name): unknown =>
        name === 'warn' ? (line: string) => lines.push(line) : Reflect.get(target, name),
    });
    const origin = `http://127.0.0.1:${await listen(createHttpServer())}`;
    await Promise.all(closing.splice(0).map((close) => close()));
    const client = await api.services.connections.candidate(origin, 'phx_testKeyOfNobody0123456789');
    const error: unknown = await client
      .getMe(new AbortController().signal)
      .catch((reason: unknown) => reason);
    const prompts = new ScriptedPrompts();
    await showFailure(error, { prompts, log: shown });
    assert.match(lines.join(), /refused the connection.*ECONNREFUSED/);
    assert.doesNotMatch(JSON.stringify(prompts.told), /TypeError/);
  });

  it('C2: a replaced transport keeps no connections', async () => {
    const sockets: Socket[] = [];
    const server = createHttpServer((_request, response) => {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ id: 1 }));
    });
    // Neither side may close it for being idle.
    server.keepAliveTimeout = 600_000;
    server.on('connection', (socket: Socket) => sockets.push(socket));
    const origin = `http://127.0.0.1:${await listen(server)}`;
    const http = vscode.workspace.getConfiguration('http');
    const ask = async (): Promise<void> => {
      const client = await api.services.connections.candidate(origin, 'phx_testKeyOfNobody0123456789');
      await client.getMe(new AbortController().signal).catch(() => undefined);
    };
    try {
      await http.update('proxyStrictSSL', false, vscode.ConfigurationTarget.Global);
      await ask();
      const [own] = sockets;
      assert.ok(own && !own.destroyed);
      await http.update('proxyStrictSSL', undefined, vscode.ConfigurationTarget.Global);
      await ask();
      await (own.closed || once(own, 'close'));
    } finally {
      await http.update('proxyStrictSSL', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  /** A proxy in VS Code's settings that treats every connection like this, and its connections. */
  async function proxied(
    answer: (socket: Socket) => void,
    use: (sockets: readonly Socket[], port: number) => Promise<void>,
  ): Promise<void> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.once('data', () => answer(socket));
    });
    const port = await listen(server);
    const http = vscode.workspace.getConfiguration('http');
    await http.update('proxy', `http://127.0.0.1:${port}`, vscode.ConfigurationTarget.Global);
    try {
      await use(sockets, port);
    } finally {
      await http.update('proxy', undefined, vscode.ConfigurationTarget.Global);
    }
  }

  /** The error of a request to a server that can only be reached through the proxy. */
  async function refusedBehindProxy(): Promise<PostHogError> {
    const client = await api.services.connections.candidate('https://posthog.example.com', 'phx_testKey01');
    const error: unknown = await client
      .getMe(new AbortController().signal)
      .catch((reason: unknown) => reason);
    assert.ok(isPostHogError(error), String(error));
    return error;
  }

  for (const [what, answer] of [
    ['closes', (socket: Socket) => void socket.end()],
    ['resets', (socket: Socket) => void socket.resetAndDestroy()],
  ] as const) {
    it(`C2: a proxy in VS Code's settings that ${what} the connection is tried once, and blamed`, () =>
      proxied(answer, async (sockets, port) => {
        const error = await refusedBehindProxy();
        assert.match(
          error.message,
          /^Couldn't reach posthog\.example\.com through the proxy 127\.0\.0\.1:\d+\. It closed/,
        );
        // Of several probes, one after another, each is the only new connection.
        for (let known = 1; known < 20; known += 1) {
          assert.equal(sockets.length, known);
          const probe = connect(port, '127.0.0.1');
          probe.on('error', () => undefined);
          probe.resume().end('probe');
          await new Promise((resolve) => probe.on('close', resolve));
        }
      }));
  }

  it('C2: a proxy that requires signing in is left to VS Code, which may be able to', () =>
    proxied(
      (socket) => void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'),
      async (sockets) => {
        assert.equal((await refusedBehindProxy()).kind, 'proxy-auth');
        const first = sockets.length;
        assert.equal(first, 2);
        assert.equal((await refusedBehindProxy()).kind, 'proxy-auth');
        assert.equal(sockets.length, first + 1);
      },
    ));

  it('B7: a dead or refusing proxy in VS Code’s settings is blamed', async () => {
    const http = vscode.workspace.getConfiguration('http');
    const answers: [((socket: Socket) => void) | undefined, RegExp][] = [
      [undefined, /^Couldn't reach posthog\.example\.com through the proxy 127\.0\.0\.1:\d+\./],
      [
        (socket) => void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
        /^The proxy 127\.0\.0\.1:\d+ blocks connections to posthog\.example\.com \(HTTP 403\)/,
      ],
      [
        (socket) =>
          void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'),
        /^The proxy 127\.0\.0\.1:\d+ .*407.*http\.proxy/,
      ],
      [
        (socket) => void socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'),
        /^The proxy 127\.0\.0\.1:\d+ couldn't reach posthog\.example\.com \(HTTP 502\)/,
      ],
    ];
    try {
      for (const [answer, message] of answers) {
        const port = await listen(createServer((socket) => socket.once('data', () => answer?.(socket))));
        if (answer === undefined) {
          await Promise.all(closing.splice(0).map((close) => close()));
        }
        await http.update('proxy', `http://127.0.0.1:${port}`, vscode.ConfigurationTarget.Global);
        const error = await refusedBehindProxy();
        assert.match(error.message, message, String(error.cause));
      }
    } finally {
      await http.update('proxy', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
