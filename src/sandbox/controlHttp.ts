import { Hono } from 'hono';
import type { Context } from 'hono';
import { isJsonObject, textOf } from './json';
import type { JsonObject, JsonValue } from './json';
import { FAULT_KINDS } from './types';
import type { Fault, RefreshBehavior, SandboxControl } from './types';

/** An invalid control request. */
class ControlError extends Error {
  override readonly name = 'ControlError';
}

/**
 * The control API over HTTP, under `/__sandbox__/`. Enabled by `--control` only, because it needs no key. Requests with
 * a non-loopback host are rejected, which protects against DNS rebinding by a web page.
 */
export function createControlApplication(control: SandboxControl): Hono {
  const application = new Hono({ strict: false });
  const routes = application.basePath('/__sandbox__');
  routes.use('*', async (context, next) => {
    const { hostname } = new URL(context.req.url);
    if (
      !['127.0.0.1', 'localhost', '[::1]'].includes(hostname) ||
      context.req.header('origin') !== undefined
    ) {
      return context.json({ error: 'The control API only accepts requests from local tools.' }, 403);
    }
    await next();
    return undefined;
  });
  application.onError((error, context) => context.json({ error: error.message }, 400));
  const environmentId = (context: Context): number => Number(context.req.param('environment'));
  const tableId = (context: Context): string => context.req.param('table') ?? '';
  const done = (context: Context): Response => context.body(null, 204);

  routes.get('/requests', (context) => context.json(control.requests()));
  routes.delete('/requests', (context) => {
    control.clearRequests();
    return done(context);
  });
  routes.post('/faults', async (context) => {
    control.addFault(readFault(await body(context)));
    return done(context);
  });
  routes.delete('/faults', (context) => {
    control.clearFaults();
    return done(context);
  });
  routes.get('/environments', (context) => context.json(control.environmentIds()));
  routes.get('/environments/:environment', (context) =>
    context.json(control.environment(environmentId(context))),
  );
  routes.patch('/environments/:environment', async (context) => {
    control.patchEnvironment(environmentId(context), await body(context));
    return done(context);
  });
  routes.delete('/environments/:environment', (context) => {
    control.removeEnvironment(environmentId(context));
    return done(context);
  });
  routes.delete('/environments/:environment/deletion', (context) => {
    control.cancelDeletion(environmentId(context));
    return done(context);
  });
  routes.get('/environments/:environment/tables', (context) =>
    context.json(control.tables(environmentId(context))),
  );
  routes.get('/environments/:environment/tables/:table', (context) =>
    context.json(control.table(environmentId(context), tableId(context))),
  );
  routes.patch('/environments/:environment/tables/:table', async (context) => {
    control.patchTable(environmentId(context), tableId(context), await body(context));
    return done(context);
  });
  routes.put('/environments/:environment/tables/:table/refresh', async (context) => {
    const given = await body(context);
    control.setRefresh(environmentId(context), tableId(context), {
      ...(typeof given.delayMs === 'number' ? { delayMs: given.delayMs } : {}),
      ...(typeof given.failure === 'string' ? { failure: given.failure } : {}),
      ...givenColumns(given.columns),
    });
    return done(context);
  });
  routes.put('/environments/:environment/web_vitals_failing', async (context) => {
    control.setWebVitalsFailing(environmentId(context), (await body(context)).failing === true);
    return done(context);
  });
  routes.put('/query_delay', async (context) => {
    control.setQueryDelay(number((await body(context)).delayMs, 'delayMs'));
    return done(context);
  });
  routes.delete('/keys/:name', (context) => {
    control.revokeKey(context.req.param('name'));
    return done(context);
  });
  routes.put('/keys/:name/scopes', async (context) => {
    const { scopes } = await body(context);
    control.setKeyScopes(context.req.param('name'), scopes === null ? null : textList(scopes));
    return done(context);
  });
  routes.put('/organizations/:organization/features/:feature', (context) => {
    control.setFeature(context.req.param('organization'), context.req.param('feature'), true);
    return done(context);
  });
  routes.delete('/organizations/:organization/features/:feature', (context) => {
    control.setFeature(context.req.param('organization'), context.req.param('feature'), false);
    return done(context);
  });
  routes.put('/generation', async (context) => {
    const { generation } = await body(context);
    if (generation !== 'documented' && generation !== 'current') {
      throw new ControlError('generation must be documented or current.');
    }
    control.setGeneration(generation);
    return done(context);
  });
  routes.put('/key_update_schema', async (context) => {
    control.setKeyUpdateSchema((await body(context)).allowed === true);
    return done(context);
  });
  routes.put('/upload_routes', async (context) => {
    control.setUploadRoutes((await body(context)).on === true);
    return done(context);
  });
  return application;
}

async function body(context: Context): Promise<JsonObject> {
  const value: unknown = await context.req.json();
  if (!isJsonObject(value)) {
    throw new ControlError('The body must be a JSON object.');
  }
  return value;
}

function readFault(value: JsonObject): Fault {
  const { route, kind, times, delayMs, retryAfterSeconds } = value;
  const known = FAULT_KINDS.find((item) => item === kind);
  if (!known || !isJsonObject(route) || typeof route.path !== 'string') {
    throw new ControlError(
      `A fault needs a route with a path, and one of these kinds: ${FAULT_KINDS.join(', ')}.`,
    );
  }
  return {
    route: { path: route.path, ...(typeof route.method === 'string' ? { method: route.method } : {}) },
    kind: known,
    ...(times === undefined ? {} : { times: number(times, 'times') }),
    ...(delayMs === undefined ? {} : { delayMs: number(delayMs, 'delayMs') }),
    ...(retryAfterSeconds === undefined
      ? {}
      : { retryAfterSeconds: number(retryAfterSeconds, 'retryAfterSeconds') }),
  };
}

function number(value: JsonValue | undefined, name: string): number {
  if (typeof value !== 'number' || value < 0) {
    throw new ControlError(`${name} must be a number.`);
  }
  return value;
}

function textList(value: JsonValue | undefined): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new ControlError('Must be an array of strings.');
  }
  return value;
}

function givenColumns(columns: JsonValue | undefined): Pick<RefreshBehavior, 'columns'> {
  if (Array.isArray(columns)) {
    const list = columns.filter(isJsonObject);
    return { columns: list.map(({ name, type }) => ({ name: textOf(name), type: textOf(type) })) };
  }
  return isJsonObject(columns) ? { columns: textValues(columns) } : {};
}

function textValues(value: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, textOf(item)]));
}
