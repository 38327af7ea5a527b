import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { getGlobalDispatcher } from 'undici';
import { createUndiciTransport } from '../../../src/platform/undiciTransport';
import type { UndiciTransport, UndiciTransportOptions } from '../../../src/platform/undiciTransport';
import { PostHogClient } from '../../../src/posthog/client';
import type { Transport } from '../../../src/posthog/http';
import { isPostHogError } from '../../../src/posthog/errors';
import { CURRENT, KEY, clientOf, never, rejected, uploadFile } from '../posthog/server';
import {
  AUTHORITY,
  CLIENT_CERTIFICATE,
  CLIENT_KEY,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from './fixtures/certificates';

const ref = { id: 7, projectId: 7 };
const settings = { id: 7, name: 'Production', base_currency: 'USD' };

describe('the transport for custom certificates', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  async function listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }

  type Handler = (request: IncomingMessage, response: ServerResponse) => void;
  const answerSettings: Handler = (_request, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(settings));
  };

  async function httpsOrigin(
    handler: Handler = answerSettings,
    options: ServerOptions = {},
  ): Promise<string> {
    const keys = { cert: SERVER_CERTIFICATE, key: SERVER_KEY, ...options };
    return `https://localhost:${await listen(createHttpsServer(keys, handler))}`;
  }

  function transportOf(options: UndiciTransportOptions): UndiciTransport {
    const transport = createUndiciTransport(options);
    closing.push(() => transport.close());
    return transport;
  }

  const read = (origin: string, transport: Transport) =>
    clientOf({ origin }, { transport }).getEnvironment(ref, never());

  it('rejects an untrusted certificate with an explanation', async () => {
    const error = await rejected(read(await httpsOrigin(), transportOf({})), 'certificate');
    assert.match(error.message, /isn't trusted.*authority/);
  });

  it('trusts the configured authority', async () => {
    assert.equal((await read(await httpsOrigin(), transportOf({ ca: [AUTHORITY] }))).name, 'Production');
  });

  it('accepts every certificate only if configured to', async () => {
    const transport = transportOf({ rejectUnauthorized: false });
    assert.equal((await read(await httpsOrigin(), transport)).name, 'Production');
  });

  it('presents the client certificate', async () => {
    let subject: string | undefined;
    const origin = await httpsOrigin(
      (request, response) => {
        const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject;
        subject = Array.isArray(CN) ? CN[0] : CN;
        answerSettings(request, response);
      },
      { ca: AUTHORITY, requestCert: true, rejectUnauthorized: true },
    );
    await rejected(read(origin, transportOf({ ca: [AUTHORITY] })));
    const options = { ca: [AUTHORITY], cert: CLIENT_CERTIFICATE, key: CLIENT_KEY };
    await read(origin, transportOf(options));
    assert.equal(subject, 'client.test');
  });

  it("reports immediately if the files aren't certificates", () => {
    for (const options of [
      { ca: ['not a certificate'] },
      { cert: 'nothing', key: 'nothing' },
      { cert: CLIENT_CERTIFICATE, key: SERVER_KEY },
    ]) {
      assert.throws(
        () => createUndiciTransport(options),
        (error: unknown) => isPostHogError(error) && error.kind === 'certificate',
      );
    }
    for (const [options, named] of [
      [{ proxy: 'not an address' }, /setting http\.proxy/],
      [{ proxy: 'ftp://proxy.example.com' }, /setting http\.proxy/],
      [{ env: { HTTPS_PROXY: 'not an address' } }, /variable HTTPS_PROXY/],
      [{ env: { http_proxy: 'http://' } }, /variable http_proxy/],
    ] as const) {
      assert.throws(
        () => createUndiciTransport(options),
        (error: unknown) =>
          isPostHogError(error) && error.kind === 'bad-address' && named.test(error.message),
      );
    }
  });

  it("doesn't touch the global dispatcher", async () => {
    const before = getGlobalDispatcher();
    await read(await httpsOrigin(), transportOf({ ca: [AUTHORITY] }));
    assert.equal(getGlobalDispatcher(), before);
  });

  it('streams a body with its length, and reads a redirect without following it', async () => {
    const bodies: string[] = [];
    const origin = await httpsOrigin((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push(`${request.headers['content-length']} ${Buffer.concat(chunks).byteLength}`);
        if (bodies.length === 1) {
          response.writeHead(307, { Location: '/api/again/' }).end('moved');
        } else {
          response.writeHead(201, { 'Content-Type': 'application/json' });
          response.end(JSON.stringify({ id: 'u', name: 'orders', format: 'CSV', url_pattern: '' }));
        }
      });
    });
    const client = new PostHogClient({
      origin,
      key: async () => KEY,
      transport: transportOf({ ca: [AUTHORITY] }),
      userAgent: 'test/1.0',
      profile: CURRENT,
    });
    const file = {
      name: 'orders',
      format: 'CSV',
      fileName: 'orders.csv',
      sizeBytes: 300_000,
      async *stream() {
        for (let index = 0; index < 3; index += 1) {
          yield new Uint8Array(100_000);
        }
      },
    };
    const table = await uploadFile(client, ref, file, () => undefined, never());
    assert.equal(table?.name, 'orders');
    assert.equal(bodies.length, 2);
    assert.equal(bodies[0], bodies[1]);
    const [declared, received] = (bodies[0] ?? '').split(' ');
    assert.equal(declared, received);
  });

  it('can be aborted', async () => {
    const stop = new AbortController();
    const origin = await httpsOrigin(() => stop.abort());
    const client = clientOf({ origin }, { transport: transportOf({ ca: [AUTHORITY] }) });
    await rejected(client.getEnvironment(ref, stop.signal), 'canceled');
  });

  describe('behind a proxy', () => {
    /** A proxy that connects every tunnel to one port of this machine, whatever host was requested. */
    async function proxyTo(port: number, authorization?: string): Promise<{ url: string; hosts: string[] }> {
      const hosts: string[] = [];
      const proxy = createHttpServer();
      proxy.on('connect', (request: IncomingMessage, socket, head: Buffer) => {
        if (authorization !== undefined && request.headers['proxy-authorization'] !== authorization) {
          socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
          return;
        }
        hosts.push(request.url ?? '');
        const upstream = connect(port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          upstream.write(head);
          upstream.pipe(socket);
          socket.pipe(upstream);
        });
        upstream.on('error', () => socket.destroy());
        socket.on('error', () => upstream.destroy());
        closing.push(async () => {
          socket.destroy();
          upstream.destroy();
        });
      });
      return { url: `127.0.0.1:${await listen(proxy)}`, hosts };
    }

    const outside = 'https://posthog.example.com';

    it('is used, including certificate checks', async () => {
      const proxy = await proxyTo(Number(new URL(await httpsOrigin()).port));
      const options = { proxy: `http://${proxy.url}`, ca: [AUTHORITY] };
      // The test certificate is for localhost, so a failed host name check proves that the whole route works.
      const error = await rejected(read(outside, transportOf(options)), 'certificate');
      assert.match(error.message, /a different host name/);
      const unchecked = transportOf({ ...options, rejectUnauthorized: false });
      assert.equal((await read(outside, unchecked)).name, 'Production');
      assert.deepEqual(proxy.hosts, ['posthog.example.com:443', 'posthog.example.com:443']);
    });

    it('is never used for loopback, where the sandbox is', async () => {
      const origin = await httpsOrigin();
      const proxy = await proxyTo(1);
      await read(origin, transportOf({ proxy: `http://${proxy.url}`, ca: [AUTHORITY] }));
      assert.deepEqual(proxy.hosts, []);
    });

    it("isn't used for hosts in http.noProxy", async () => {
      const proxy = await proxyTo(Number(new URL(await httpsOrigin()).port));
      const inside = 'https://posthog.corp.invalid';
      for (const noProxy of [['posthog.corp.invalid'], ['.corp.invalid'], ['*']]) {
        const options = { proxy: `http://${proxy.url}`, noProxy, rejectUnauthorized: false };
        // No one has this name, so a direct request finds no host.
        await rejected(read(inside, transportOf(options)), 'network');
      }
      assert.deepEqual(proxy.hosts, []);
      const other = transportOf({
        proxy: `http://${proxy.url}`,
        noProxy: ['other.invalid'],
        rejectUnauthorized: false,
      });
      assert.equal((await read(inside, other)).name, 'Production');
      assert.deepEqual(proxy.hosts, ['posthog.corp.invalid:443']);
    });

    it('comes from the environment if the setting is empty, except for loopback and NO_PROXY', async () => {
      const origin = await httpsOrigin();
      const proxy = await proxyTo(Number(new URL(origin).port));
      const through = (env: Record<string, string>, noProxy: string[] = []) =>
        transportOf({ env, noProxy, rejectUnauthorized: false });
      for (const env of [
        { HTTPS_PROXY: `http://${proxy.url}`, HTTP_PROXY: 'http://127.0.0.1:1' },
        { HTTP_PROXY: proxy.url },
        { https_proxy: proxy.url, HTTPS_PROXY: 'http://127.0.0.1:1' },
      ]) {
        assert.equal((await read(outside, through(env))).name, 'Production');
      }
      assert.equal(proxy.hosts.splice(0).length, 3);
      const env = { HTTPS_PROXY: proxy.url };
      const inside = 'https://posthog.corp.invalid';
      await read(origin, through(env));
      await rejected(read(inside, through({ ...env, NO_PROXY: 'other.invalid, corp.invalid' })), 'network');
      await rejected(read(inside, through({ ...env, no_proxy: '*' })), 'network');
      await rejected(read(inside, through(env, ['.corp.invalid'])), 'network');
      assert.deepEqual(proxy.hosts, []);
    });

    it('comes from the environment of this process by default', () => {
      const before = process.env.https_proxy;
      process.env.https_proxy = 'not an address';
      try {
        assert.throws(() => createUndiciTransport({}), /variable https_proxy/);
      } finally {
        if (before === undefined) {
          delete process.env.https_proxy;
        } else {
          process.env.https_proxy = before;
        }
      }
    });

    it('comes from the setting rather than the environment', async () => {
      const proxy = await proxyTo(Number(new URL(await httpsOrigin()).port));
      const env = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' };
      const transport = transportOf({ proxy: `http://${proxy.url}`, env, rejectUnauthorized: false });
      assert.equal((await read(outside, transport)).name, 'Production');
    });

    it('gets credentials, and reports if they are required', async () => {
      const port = Number(new URL(await httpsOrigin()).port);
      const proxy = await proxyTo(port, `Basic ${Buffer.from('name:word').toString('base64')}`);
      const error = await rejected(
        read(outside, transportOf({ proxy: `http://${proxy.url}`, rejectUnauthorized: false })),
        'proxy-auth',
      );
      assert.match(error.remedy, /http\.proxy/);
      const signedIn = transportOf({ proxy: `http://name:word@${proxy.url}`, rejectUnauthorized: false });
      assert.equal((await read(outside, signedIn)).name, 'Production');
    });
  });
});
