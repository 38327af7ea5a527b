import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { proxyUse } from '../../../src/platform/proxies';
import { createUndiciTransport } from '../../../src/platform/undiciTransport';
import type { UndiciTransport, UndiciTransportOptions } from '../../../src/platform/undiciTransport';
import { isPostHogError } from '../../../src/posthog/errors';
import type { PostHogError } from '../../../src/posthog/errors';
import { fetchTransport } from '../../../src/posthog/http';
import type { Transport } from '../../../src/posthog/http';
import { clientOf, never, rejected } from '../posthog/server';
import {
  AUTHORITY,
  CLIENT_CERTIFICATE,
  CLIENT_KEY,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from './fixtures/certificates';
import {
  EXPIRED_AUTHORITY,
  EXPIRED_CLIENT_CERTIFICATE,
  EXPIRED_CLIENT_KEY,
  EXPIRED_SERVER_CERTIFICATE,
  EXPIRED_SERVER_KEY,
} from './fixtures/expiredCertificates';

const ref = { id: 7, projectId: 7 };
const settings = JSON.stringify({ id: 7, name: 'Production', base_currency: 'USD' });
const outside = 'https://posthog.example.com';

describe('proxies and certificates', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  async function listen(server: Server): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }

  function transportOf(options: UndiciTransportOptions): UndiciTransport {
    const transport = createUndiciTransport({ env: {}, ...options });
    closing.push(() => transport.close());
    return transport;
  }

  const read = (origin: string, transport: Transport, signal = never(), timeoutMs = 10_000) =>
    clientOf({ origin }, { transport, timeoutMs }).getEnvironment(ref, signal);

  /** A proxy that responds to CONNECT as given, and what reached it. */
  async function proxy(
    answer: (socket: Socket, request: string) => void,
  ): Promise<{ address: string; sockets: Socket[] }> {
    const sockets: Socket[] = [];
    const port = await listen(
      createServer((socket) => {
        sockets.push(socket);
        socket.once('data', (data: Buffer) => answer(socket, data.toString('latin1')));
      }),
    );
    return { address: `127.0.0.1:${port}`, sockets };
  }

  /** No one connects to a proxy anymore: of several probes, one after another, each is the only new connection. */
  async function isLeft(address: string, sockets: readonly Socket[], connections: number): Promise<void> {
    for (let known = connections; known < connections + 20; known += 1) {
      assert.equal(sockets.length, known);
      const probe = connect(Number(address.split(':')[1]), '127.0.0.1');
      probe.on('error', () => undefined);
      probe.resume().end('probe');
      await new Promise((resolve) => probe.on('close', resolve));
    }
  }

  const answering =
    (status: string) =>
    (socket: Socket): void =>
      void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);

  describe('connections end', () => {
    it('C2: a proxy that closes on CONNECT is tried once, and blamed', async () => {
      const { address, sockets } = await proxy((socket) => void socket.end());
      const transport = transportOf({ proxy: `http://${address}` });
      const error = await rejected(read(outside, transport), 'proxy');
      assert.match(
        error.message,
        new RegExp(`posthog\\.example\\.com through the proxy ${address}\\..*closed`),
      );
      assert.match(error.remedy, /the setting http\.proxy/);
      await isLeft(address, sockets, 1);
    });

    it('C2: so is one that resets the connection, and one for plain http', async () => {
      const { address, sockets } = await proxy((socket) => void socket.resetAndDestroy());
      const transport = transportOf({ proxy: `http://${address}` });
      await rejected(read(outside, transport), 'proxy');
      await rejected(read('http://posthog.example.com', transport), 'proxy');
      await isLeft(address, sockets, 2);
    });

    it('C2: a SOCKS proxy that closes is tried once', async () => {
      const { address, sockets } = await proxy((socket) => void socket.end());
      await rejected(read(outside, transportOf({ proxy: `socks5://${address}` })));
      await isLeft(address, sockets, 1);
    });

    it("C2: a proxy that doesn't respond is abandoned when the user cancels, and at the time limit", async () => {
      const stop = new AbortController();
      const { address, sockets } = await proxy(() => stop.abort());
      const transport = transportOf({ proxy: `http://${address}` });
      await rejected(read(outside, transport, stop.signal), 'canceled');
      assert.ok(sockets[0]);
      await (sockets[0].closed || once(sockets[0], 'close'));
      await rejected(read(outside, transport, never(), 1500), 'timeout');
      assert.ok(sockets[1]);
      await (sockets[1].closed || once(sockets[1], 'close'));
      assert.equal(sockets.length, 2);
    });

    it("C2: canceling one request doesn't end the others, and a later request works", async () => {
      const waiting: (() => void)[] = [];
      let gotFirst = (): void => undefined;
      const first = new Promise<void>((resolve) => (gotFirst = resolve));
      const origin = `http://127.0.0.1:${await listen(
        createHttpServer((_request, response) => {
          gotFirst();
          waiting.push(() => response.setHeader('Content-Type', 'application/json').end(settings));
          if (waiting.length === 2) {
            stop.abort();
            waiting[0]?.();
          } else if (waiting.length > 2) {
            waiting.at(-1)?.();
          }
        }),
      )}`;
      const stop = new AbortController();
      const transport = transportOf({});
      const patient = read(origin, transport);
      await first;
      const impatient = rejected(read(origin, transport, stop.signal), 'canceled');
      assert.equal((await patient).name, 'Production');
      await impatient;
      assert.equal((await read(origin, transport)).name, 'Production');
    });

    it('C2: a closed transport keeps no connections, and lets requests in progress finish', async () => {
      const sockets: Socket[] = [];
      const server = createHttpServer((_request, response) => {
        void transport.close();
        setImmediate(() => response.setHeader('Content-Type', 'application/json').end(settings));
      });
      // Neither side may close it for being idle.
      server.keepAliveTimeout = 600_000;
      server.on('connection', (socket: Socket) => sockets.push(socket));
      const origin = `http://127.0.0.1:${await listen(server)}`;
      const transport = transportOf({});
      for (const index of [0, 1]) {
        // The second request uses the transport after it was closed.
        assert.equal((await read(origin, transport)).name, 'Production');
        const socket = sockets[index];
        assert.ok(socket);
        await (socket.closed || once(socket, 'close'));
      }
    });

    it("C2: an unread response doesn't keep a connection open", async () => {
      const sockets: Socket[] = [];
      const server = createHttpServer((_request, response) => {
        response.writeHead(302, { Location: 'https://elsewhere.example.com/' }).write('moved');
      });
      server.on('connection', (socket: Socket) => sockets.push(socket));
      const origin = `http://127.0.0.1:${await listen(server)}`;
      await rejected(read(origin, transportOf({})), 'foreign-origin');
      assert.ok(sockets[0]);
      await (sockets[0].closed || once(sockets[0], 'close'));
    });
  });

  describe('options of our own transport', () => {
    it("C7: decompresses responses that weren't requested compressed", async () => {
      const packers: [string, (text: string) => Buffer][] = [
        ['gzip', gzipSync],
        ['x-gzip', gzipSync],
        ['deflate', deflateSync],
        ['br', brotliCompressSync],
      ];
      for (const [encoding, pack] of packers) {
        const origin = `http://127.0.0.1:${await listen(
          createHttpServer((request, response) => {
            assert.equal(request.headers['accept-encoding'], undefined);
            response.setHeader('Content-Encoding', encoding);
            response.setHeader('Content-Type', 'application/json').end(pack(settings));
          }),
        )}`;
        assert.equal((await read(origin, transportOf({}))).name, 'Production', encoding);
      }
    });

    it('C7: reports a damaged response, and decompresses no more than the limit', async () => {
      const damaged: [Buffer, RegExp][] = [
        [gzipSync(settings).subarray(0, 30), /Couldn't decompress the response/],
        [Buffer.from('no gzip at all'), /Couldn't decompress the response/],
        [gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), /16 MB/],
      ];
      for (const [body, message] of damaged) {
        const origin = `http://127.0.0.1:${await listen(
          createHttpServer((_request, response) => {
            response.setHeader('Content-Encoding', 'gzip').end(body);
          }),
        )}`;
        const error = await rejected(read(origin, transportOf({})), 'unexpected-answer');
        assert.match(error.message, message);
      }
    });

    it('C7: http.proxyAuthorization is sent to the proxy', async () => {
      let seen = '';
      const { address } = await proxy((socket, request) => {
        seen = /^proxy-authorization: (.*)\r$/im.exec(request)?.[1] ?? '';
        answering('403 Forbidden')(socket);
      });
      const proxyAuthorization = 'Basic bmFtZTp3b3Jk';
      await rejected(read(outside, transportOf({ proxy: `http://${address}`, proxyAuthorization })), 'proxy');
      assert.equal(seen, proxyAuthorization);
      assert.throws(
        () => createUndiciTransport({ proxy: `http://${address}`, proxyAuthorization: 'Basic\nX: y' }),
        /http\.proxyAuthorization/,
      );
    });

    it('C7: with http.proxySupport off, no proxy from the settings or the environment is used', async () => {
      const { address, sockets } = await proxy(answering('403 Forbidden'));
      const env = { HTTPS_PROXY: `http://${address}`, HTTP_PROXY: `http://${address}` };
      const useProxy = false;
      const inside = 'https://posthog.corp.invalid';
      await rejected(read(inside, transportOf({ proxy: `http://${address}`, useProxy })), 'network');
      await rejected(read(inside, transportOf({ env, useProxy })), 'network');
      assert.equal(sockets.length, 0);
      assert.equal(proxyUse(inside, { proxy: address, useProxy }), undefined);
    });
  });

  describe('each cause has its own message', () => {
    const through = async (status: string): Promise<[PostHogError, string]> => {
      const { address } = await proxy(answering(status));
      return [await rejected(read(outside, transportOf({ proxy: address }))), address];
    };

    it('B7: the proxy is down, or its name is unknown', async () => {
      const { address } = await proxy(() => undefined);
      await Promise.all(closing.splice(0).map((close) => close()));
      const dead = await rejected(read(outside, transportOf({ proxy: address })), 'proxy');
      assert.match(
        dead.message,
        new RegExp(`^Couldn't reach .* through the proxy ${address}\\..*Nothing is listening.*http\\.proxy`),
      );
      const env = { HTTPS_PROXY: 'http://proxy.invalid:3128' };
      const unknown = await rejected(read(outside, transportOf({ env })), 'proxy');
      assert.match(
        unknown.message,
        / through the proxy proxy\.invalid:3128\. .*host name couldn't be resolved.*HTTPS_PROXY/,
      );
      assert.doesNotMatch(dead.message + unknown.message, /https:\/\/posthog/);
    });

    it("B7: the proxy forbids the request, requires a sign-in, or can't reach the server", async () => {
      const [forbids, first] = await through('403 Forbidden');
      assert.equal(forbids.kind, 'proxy');
      assert.match(forbids.message, new RegExp(`The proxy ${first} blocks .*posthog\\.example\\.com.*403`));
      assert.match(forbids.remedy, /http\.noProxy/);
      const [asks, second] = await through('407 Proxy Authentication Required');
      assert.equal(asks.kind, 'proxy-auth');
      assert.match(
        asks.message,
        new RegExp(`The proxy ${second} .*407.*http\\.proxy.*http\\.proxyAuthorization`),
      );
      const [cannot, third] = await through('502 Bad Gateway');
      assert.match(
        cannot.message,
        new RegExp(`The proxy ${third} couldn't reach posthog\\.example\\.com.*502`),
      );
    });

    it('B7: nothing can have changed on a server behind such a proxy', async () => {
      const { address } = await proxy((socket) => void socket.end());
      const client = clientOf({ origin: outside }, { transport: transportOf({ proxy: address }) });
      const error = await rejected(client.patchEnvironment(ref, { name: 'x' }, never()), 'proxy');
      assert.equal(error.mayHaveBeenApplied, false);
    });

    it("B7: recognized from the errors of the platform's fetch, which only name the unreachable host", async () => {
      const cases: [object, RegExp][] = [
        [
          { code: 'ENOTFOUND', hostname: 'proxy.example.com' },
          / through the proxy proxy\.example\.com\..*couldn't be resolved/,
        ],
        [
          { code: 'ECONNREFUSED', syscall: 'connect', address: '10.1.2.3', port: 3128 },
          / through the proxy 10\.1\.2\.3:3128\./,
        ],
        [
          {
            code: 'UND_ERR_CONNECT_TIMEOUT',
            message: 'Connect Timeout Error (attempted address: proxy.example.com:3128, timeout: 10000ms)',
          },
          / through the proxy proxy\.example\.com:3128\. .*in time/,
        ],
        [
          { message: 'Proxy response (403) !== 200 when HTTP Tunneling' },
          /^The proxy blocks connections to posthog\.example\.com/,
        ],
        [
          { code: 'ENOTFOUND', hostname: 'posthog.example.com' },
          /^Couldn't find https:\/\/posthog\.example\.com\./,
        ],
        [
          { code: 'ECONNREFUSED', syscall: 'connect', address: '10.1.2.3', port: 443 },
          /^https:\/\/posthog\.example\.com refused/,
        ],
      ];
      for (const [facts, message] of cases) {
        const cause = Object.assign(new Error('x'), facts);
        const transport = () => Promise.reject(new TypeError('fetch failed', { cause }));
        assert.match((await rejected(read(outside, transport))).message, message);
      }
    });

    it('B7: the setting that configures the proxy is named; loopback and http.noProxy are exempt', () => {
      const env = { HTTPS_PROXY: 'proxy.example.com:3128' };
      assert.deepEqual(proxyUse(outside, { env, proxy: 'http://name:word@company.example.com:8080' }), {
        address: 'company.example.com:8080',
        setting: 'the setting http.proxy',
      });
      assert.equal(proxyUse(outside, { env })?.setting, 'the environment variable HTTPS_PROXY');
      for (const noProxy of [
        ['posthog.example.com'],
        ['.example.com'],
        ['*.example.com'],
        ['*'],
        ['example.com:443'],
      ]) {
        assert.equal(proxyUse(outside, { env, noProxy }), undefined, noProxy[0]);
      }
      assert.ok(proxyUse(outside, { env, noProxy: ['example.com:8443', 'ample.com'] }));
      assert.equal(proxyUse('http://127.0.0.1:8000', { env: { HTTP_PROXY: 'x' } }), undefined);
    });

    async function tlsOrigin(options: object, listener?: RequestListener): Promise<string> {
      const server = createHttpsServer(
        { cert: SERVER_CERTIFICATE, key: SERVER_KEY, ...options },
        listener ?? ((_request, response) => response.end(settings)),
      );
      server.on('tlsClientError', () => undefined);
      return `https://localhost:${await listen(server)}`;
    }

    it('B7: the server requires a client certificate, or a different one', async () => {
      const asking = { requestCert: true, rejectUnauthorized: true };
      for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
        const origin = await tlsOrigin({ ...asking, ca: AUTHORITY, maxVersion });
        const missing = await rejected(read(origin, transportOf({ ca: [AUTHORITY] })));
        assert.match(missing.message, /client certificate.*clientCertificateFile.*clientKeyFile/);
        const strict = await tlsOrigin({ ...asking, ca: SERVER_CERTIFICATE, maxVersion });
        const options = { ca: [AUTHORITY], cert: CLIENT_CERTIFICATE, key: CLIENT_KEY };
        const refused = await rejected(read(strict, transportOf(options)));
        assert.match(refused.message, /client certificate.*clientCertificateFile/);
      }
    });

    it('B7: client certificate errors of servers, as OpenSSL and BoringSSL word them', async () => {
      const codes: [string, RegExp][] = [
        [
          'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
          /requires a client certificate\. No valid one was sent/,
        ],
        ['ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED', /requires a client certificate\. No valid one was sent/],
        ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /rejected the client certificate.*authority/],
        ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', /rejected the client certificate\. It has expired/],
        ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', /rejected the client certificate.*bad certificate/],
        [
          'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
          /refused to establish a secure connection.*may require a client/,
        ],
      ];
      for (const [code, message] of codes) {
        const transport = () => Promise.reject(Object.assign(new Error('x'), { code }));
        const client = clientOf({ origin: outside }, { transport });
        const error = await rejected(client.patchEnvironment(ref, { name: 'x' }, never()), 'certificate');
        assert.match(error.message, message);
        assert.equal(error.mayHaveBeenApplied, false);
      }
    });

    it('B7: client certificate errors of servers, as TLS alerts', async () => {
      const alerts: [number, RegExp][] = [
        [40, /refused to establish a secure connection.*may require a client certificate/],
        [42, /rejected the client certificate.*bad certificate/],
        [45, /rejected the client certificate\. It has expired/],
        [48, /rejected the client certificate.*authority/],
        [116, /requires a client certificate\. No valid one was sent/],
      ];
      for (const [alert, message] of alerts) {
        const port = await listen(
          createServer((socket) => {
            socket.once('data', () => socket.end(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, alert])));
          }),
        );
        const origin = `https://localhost:${port}`;
        for (const transport of [fetchTransport, transportOf({ ca: [AUTHORITY] })]) {
          const client = clientOf({ origin }, { transport });
          const error = await rejected(client.patchEnvironment(ref, { name: 'x' }, never()), 'certificate');
          assert.match(error.message, message);
          assert.equal(error.mayHaveBeenApplied, false);
        }
      }
    });

    it('B7: a client certificate without its key, or with another one, is reported before anything is sent', () => {
      const cases: [UndiciTransportOptions, RegExp][] = [
        [{ cert: CLIENT_CERTIFICATE }, /has no key.*network\.clientKeyFile/],
        [{ key: CLIENT_KEY }, /client key, but no client certificate.*network\.clientCertificateFile/],
        [{ cert: CLIENT_CERTIFICATE, key: SERVER_KEY }, /doesn't match.*network\.clientKeyFile/],
        [
          { cert: CLIENT_CERTIFICATE, key: '-----BEGIN ENCRYPTED PRIVATE KEY-----' },
          /passphrase.*network\.clientKeyFile/,
        ],
        [{ ca: ['nothing'] }, /PEM.*network\.caFile/],
      ];
      for (const [options, message] of cases) {
        assert.throws(
          () => createUndiciTransport(options),
          (error: unknown) =>
            isPostHogError(error) && error.kind === 'certificate' && message.test(error.message),
        );
      }
      createUndiciTransport({ cert: `${CLIENT_CERTIFICATE}${CLIENT_KEY}` });
    });

    it('B7: an unknown authority, the wrong name, and expired certificates', async () => {
      const origin = await tlsOrigin({});
      for (const transport of [fetchTransport, transportOf({})]) {
        const unknown = await rejected(read(origin, transport), 'certificate');
        assert.match(unknown.message, /localhost:\d+ isn't trusted.*posthogEnvironments\.network\.caFile/);
      }
      const { address } = await proxy((socket) => {
        const upstream = connect(Number(new URL(origin).port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          socket.pipe(upstream).pipe(socket);
        });
        upstream.on('error', () => socket.destroy());
      });
      const other = await rejected(
        read(outside, transportOf({ proxy: address, ca: [AUTHORITY] })),
        'certificate',
      );
      assert.match(other.message, /posthog\.example\.com is for a different host name.*localhost/);
    });

    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(`B7: a server with an expired certificate (${maxVersion})`, async () => {
        const pair = { cert: EXPIRED_SERVER_CERTIFICATE, key: EXPIRED_SERVER_KEY };
        const origin = await tlsOrigin({ ...pair, minVersion: maxVersion, maxVersion });
        const transport = transportOf({ ca: [EXPIRED_AUTHORITY] });
        const expired = await rejected(read(origin, transport), 'certificate');
        assert.match(expired.message, /localhost:\d+ has expired\..*renew/);
        assert.doesNotMatch(expired.message, /caFile|authority/);
        const client = clientOf({ origin }, { transport });
        const unsent = await rejected(client.patchEnvironment(ref, { name: 'x' }, never()), 'certificate');
        assert.equal(unsent.mayHaveBeenApplied, false);
      });

      it(`B7: a client certificate that is missing, expired, or from another authority (${maxVersion})`, async () => {
        const asking = { requestCert: true, rejectUnauthorized: true, minVersion: maxVersion, maxVersion };
        let answered = 0;
        const refusedBy = async (ca: string, files: UndiciTransportOptions): Promise<string> => {
          const origin = await tlsOrigin({ ...asking, ca }, (_request, response) => {
            answered += 1;
            response.end(settings);
          });
          const client = clientOf({ origin }, { transport: transportOf({ ca: [AUTHORITY], ...files }) });
          return (await rejected(client.patchEnvironment(ref, { name: 'x' }, never()))).message;
        };
        const own = { cert: CLIENT_CERTIFICATE, key: CLIENT_KEY };
        const late = { cert: EXPIRED_CLIENT_CERTIFICATE, key: EXPIRED_CLIENT_KEY };
        // Servers on Node hang up without a reason; others send an alert.
        for (const [ca, files] of [
          [AUTHORITY, {}],
          [EXPIRED_AUTHORITY, own],
          [EXPIRED_AUTHORITY, late],
        ] as const) {
          assert.match(await refusedBy(ca, files), /client certificate.*clientCertificateFile/);
        }
        assert.equal(answered, 0);
      });
    }

    it('B7: http to a server that expects https', async () => {
      const port = await listen(
        createServer((socket) => {
          // OpenSSL's response: a fatal alert.
          socket.once('data', () => socket.end(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])));
        }),
      );
      for (const transport of [fetchTransport, transportOf({})]) {
        const error = await rejected(read(`http://127.0.0.1:${port}`, transport), 'network');
        assert.match(error.message, /doesn't accept http\..*starts with https:\/\//);
      }
      // Others just hang up.
      const silent = (await tlsOrigin({})).replace('https:', 'http:');
      for (const transport of [fetchTransport, transportOf({})]) {
        const error = await rejected(read(silent, transport), 'network');
        assert.match(
          error.message,
          /closed without a response\. This also happens if the server only accepts https/,
        );
      }
    });

    it("B7: a write over http that is cut off doesn't blame http, because the server has responded to reads", async () => {
      const port = await listen(createServer((socket) => void socket.once('data', () => socket.destroy())));
      for (const transport of [fetchTransport, transportOf({})]) {
        const client = clientOf({ origin: `http://127.0.0.1:${port}` }, { transport });
        const error = await rejected(client.patchEnvironment(ref, { name: 'x' }, never()), 'network');
        assert.match(error.message, /closed without a response\./);
        assert.doesNotMatch(error.message, /https/);
        assert.equal(error.mayHaveBeenApplied, true);
      }
    });

    const answers: [string, number, Record<string, string>, string, string, RegExp][] = [
      [
        'B7: nginx on the HTTPS port',
        400,
        { 'Content-Type': 'text/html' },
        '<html><h1>400 Bad Request</h1>The plain HTTP request was sent to HTTPS port</html>',
        'network',
        /doesn't accept http\..*https:\/\//,
      ],
      [
        'B7: nginx that requires a client certificate',
        400,
        { 'Content-Type': 'text/html' },
        '<html><h1>400 Bad Request</h1>No required SSL certificate was sent</html>',
        'certificate',
        /requires a client certificate.*clientCertificateFile/,
      ],
      [
        'B7: a gateway that asks for a password',
        401,
        { 'WWW-Authenticate': 'Basic realm="staff"', 'Content-Type': 'text/html' },
        '<html>401</html>',
        'gateway',
        /in front of PostHog.*user name and password.*let requests with an API key through/,
      ],
      [
        'B7: PostHog itself, which also names an authentication scheme',
        401,
        { 'WWW-Authenticate': 'Basic realm="api"', 'Content-Type': 'application/json' },
        JSON.stringify({
          type: 'authentication_error',
          code: 'authentication_failed',
          detail: 'x',
          attr: null,
        }),
        'unauthorized',
        /rejected the API key/,
      ],
      [
        'B7: Cloudflare Access',
        302,
        { Location: 'https://team.cloudflareaccess.com/cdn-cgi/access/login/posthog.example.com?kid=1' },
        '',
        'gateway',
        /sign-in page at https:\/\/team\.cloudflareaccess\.com.*didn't send the API key there/,
      ],
      [
        'B7: a company sign-in',
        307,
        { Location: 'https://id.example.com/oauth2/authorize?client_id=1' },
        '',
        'gateway',
        /sign-in page at https:\/\/id\.example\.com/,
      ],
      [
        'B7: a server that moved',
        308,
        { Location: 'https://new.example.com/api/projects/7/' },
        '',
        'foreign-origin',
        /use it as the address of the server/,
      ],
    ];
    for (const [name, status, headers, body, kind, message] of answers) {
      it(name, async () => {
        const origin = `http://127.0.0.1:${await listen(
          createHttpServer((_request: IncomingMessage, response) => {
            response.writeHead(status, headers).end(body);
          }),
        )}`;
        for (const transport of [fetchTransport, transportOf({})]) {
          const error = await rejected(read(origin, transport));
          assert.equal(error.kind, kind, error.message);
          assert.match(error.message, message);
          if (kind === 'gateway') {
            assert.doesNotMatch(error.message, /change the address|replace the key/i);
          }
        }
      });
    }
  });
});
