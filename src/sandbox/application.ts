import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { authenticate } from './access';
import { columnDescriptionEndpoints } from './endpoints/columnDescriptions';
import { environmentEndpoints } from './endpoints/environments';
import type { Endpoint } from './endpoints/endpoint';
import { neighbourEndpoints } from './endpoints/neighbours';
import { queryEndpoints } from './endpoints/query';
import { tableEndpoints } from './endpoints/tables';
import { webVitalsEndpoints } from './endpoints/webVitals';
import { ApiError, PlainError, forbidden, methodNotAllowed, notFound } from './errors';
import type { Reply } from './errors';
import type { Faults } from './faults';
import {
  BAD_GATEWAY_HTML,
  answerBefore,
  differentAnswer,
  sendHalf,
  serverFailure,
  stopsBefore,
} from './faults';
import type { RequestLog } from './requestLog';
import { sandboxRequest } from './request';
import type { SandboxRequest } from './request';
import type { State } from './state';
import { Throttle } from './throttle';
import { pause } from './timing';
import type { Fault } from './types';

/** What the application is built from. */
export interface Parts {
  state: State;
  faults: Faults;
  log: RequestLog;
  resolveHost: (name: string) => Promise<string[]>;
  redirectEnvironments: boolean;
  /** Called for bugs in the sandbox itself. */
  onMistake: (error: unknown) => void;
}

interface Env {
  Bindings: HttpBindings;
}

const NO_ENVIRONMENTS =
  'Multiple environments per project are no longer available. Please contact support if you need assistance.';
const DESCRIPTION = {
  renders: ['application/json'],
  parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
};
const SUNSET = 'Fri, 31 Jul 2026 00:00:00 GMT';

const ENDPOINTS: readonly Endpoint[] = [
  ...environmentEndpoints,
  ...tableEndpoints,
  ...columnDescriptionEndpoints,
  ...webVitalsEndpoints,
  ...queryEndpoints,
  ...neighbourEndpoints,
];

/** The server as a Hono application. Trailing slashes are optional (API facts 1.1). */
export function createApplication(parts: Parts): Hono<Env> {
  const application = new Hono<Env>({ strict: false });
  const throttle = new Throttle();
  const nested = (context: Context<Env>, next: () => Promise<void>): Promise<Response | undefined> =>
    parts.state.generation === 'current'
      ? serve(parts, context, async () => {
          throw forbidden(NO_ENVIRONMENTS);
        })
      : next().then(() => undefined);
  application.all('/api/projects/:pid/environments', nested);
  application.all('/api/projects/:pid/environments/*', nested);
  for (const path of new Set(ENDPOINTS.map((item) => item.path))) {
    const endpoints = ENDPOINTS.filter((item) => item.path === path);
    application.all(path, async (context, next) => {
      const { generation } = parts.state;
      const endpoint = endpoints.find(
        (item) =>
          (item.only === undefined || item.only === generation) && item.exists?.(parts.state) !== false,
      );
      if (!endpoint) {
        await next();
        return;
      }
      return serve(parts, context, (request) =>
        callEndpoint(parts, throttle, endpoint, request, context.req.param()),
      );
    });
  }
  application.notFound((context) =>
    serve(parts, context, async () => {
      throw notFound('Endpoint not found.');
    }),
  );
  return application;
}

async function callEndpoint(
  parts: Parts,
  throttle: Throttle,
  endpoint: Endpoint,
  request: SandboxRequest,
  params: Record<string, string>,
): Promise<Reply> {
  const { state } = parts;
  state.finishBackgroundWork();
  const alias = state.generation === 'current' && /^\/api\/environments(?:\/|$)/.test(request.path);
  if (alias && state.environmentsAlias !== 'served') {
    throw aliasGone(state.environmentsAlias);
  }
  const aliasHeaders = alias ? successor(request) : {};
  if (alias && parts.redirectEnvironments) {
    const location = counterpart(request);
    return { status: 307, headers: { ...aliasHeaders, Location: location } };
  }
  const reply = await replyOf(parts, async () => {
    const { key, user } = await authenticate(state, request);
    parts.log.identify(request, key.name);
    throttle.count(state, key.value);
    const caller = { state, request, key, user, params, resolveHost: parts.resolveHost };
    if (request.method === 'OPTIONS') {
      endpoint.check(caller);
      return { status: 200, body: DESCRIPTION };
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const action = endpoint.methods[method];
    if (!action) {
      throw methodNotAllowed(request.method);
    }
    return action(caller);
  });
  return { ...reply, headers: { ...aliasHeaders, ...reply.headers } };
}

/** The alias after its removal: 404 or 410 (inferred). */
function aliasGone(status: 404 | 410): ApiError {
  return status === 404
    ? notFound('Endpoint not found.')
    : new ApiError(410, 'invalid_request', 'gone', 'This endpoint is no longer available.');
}

function counterpart(request: SandboxRequest): string {
  return `${request.path.replace('/api/environments', '/api/projects')}${request.search}`;
}

/** Deprecation headers on responses to rewritten `/api/environments/…` requests (API facts 0). */
function successor(request: SandboxRequest): Record<string, string> {
  return {
    Deprecation: 'true',
    Sunset: SUNSET,
    Link: `<${counterpart(request)}>; rel="successor-version"`,
  };
}

async function replyOf(parts: Parts, run: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ApiError || error instanceof PlainError) {
      return error.reply();
    }
    parts.onMistake(error);
    return serverFailure();
  }
}

/** Runs an endpoint, applying faults and logging the request. */
async function serve(
  parts: Parts,
  context: Context<Env>,
  run: (request: SandboxRequest) => Promise<Reply>,
): Promise<Response> {
  const { incoming, outgoing } = context.env;
  const request = sandboxRequest(incoming, new URL(context.req.url).origin);
  const cors = corsHeaders(request);
  if (request.method === 'OPTIONS' && request.header('access-control-request-method') !== undefined) {
    return respond({ status: 200, headers: { ...cors, ...PREFLIGHT } }, undefined, '');
  }
  const record = parts.log.open(request);
  const faults = parts.faults.take(request.method, request.path);
  for (const { delayMs } of faults) {
    await pause(delayMs ?? 0);
  }
  const fault = faults.find((item) => item.kind !== 'latency');
  if (fault && stopsBefore(fault.kind)) {
    return answerFault(parts, fault, request, record, outgoing);
  }
  if (fault?.kind === 'same-page') {
    request.query.delete('offset');
  }
  let reply = await replyOf(parts, () => run(request));
  record.body(request.seenBody());
  for (const { holdMs } of faults) {
    await pause(holdMs ?? 0);
  }
  if (fault?.kind === 'drop-after') {
    record.close(0);
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  if (fault?.kind === 'status-500-after') {
    reply = serverFailure();
  }
  if (fault?.kind === 'different-answer') {
    reply = differentAnswer(reply, request.seenBody());
  }
  record.close(reply.status);
  const text = reply.body === undefined ? undefined : JSON.stringify(reply.body);
  if (fault?.kind === 'half-body' && text !== undefined) {
    sendHalf(outgoing, reply.status, text);
    return RESPONSE_ALREADY_SENT;
  }
  const contentType = fault?.kind === 'wrong-content-type' ? 'text/plain' : 'application/json';
  return respond({ ...reply, headers: { ...reply.headers, ...cors } }, text, contentType);
}

/** Allows any origin to read responses (API facts 9.3). */
function corsHeaders(request: SandboxRequest): Record<string, string> {
  return request.header('origin') !== undefined && request.path.startsWith('/api/')
    ? { 'Access-Control-Allow-Origin': '*', Vary: 'origin' }
    : {};
}

const PREFLIGHT = {
  'Access-Control-Allow-Headers':
    'accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with',
  'Access-Control-Allow-Methods': 'DELETE, GET, OPTIONS, PATCH, POST, PUT',
  'Access-Control-Max-Age': '86400',
  'Content-Length': '0',
};

async function answerFault(
  parts: Parts,
  fault: Fault,
  request: SandboxRequest,
  record: ReturnType<RequestLog['open']>,
  outgoing: HttpBindings['outgoing'],
): Promise<Response> {
  // Read the body first, so that the log has it and the client gets to read the response.
  await replyOf(parts, async () => {
    await request.body();
    return { status: 200 };
  });
  record.body(request.seenBody());
  if (fault.kind === 'drop-before') {
    record.close(0);
    outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  const reply = answerBefore(fault);
  if (!reply) {
    record.close(502);
    return new Response(BAD_GATEWAY_HTML, { status: 502, headers: { 'Content-Type': 'text/html' } });
  }
  record.close(reply.status);
  return respond(reply, JSON.stringify(reply.body), 'application/json');
}

function respond(reply: Reply, text: string | undefined, contentType: string): Response {
  const headers = new Headers(reply.headers);
  if (text === undefined) {
    return new Response(null, { status: reply.status, headers });
  }
  headers.set('Content-Type', contentType);
  return new Response(text, { status: reply.status, headers });
}
