import { getRequestListener } from '@hono/node-server';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApplication } from './application';
import { createControl, setFeature } from './control';
import { createControlApplication } from './controlHttp';
import { Faults } from './faults';
import { RequestLog } from './requestLog';
import { buildState } from './scenario/build';
import { checkScenario } from './scenario/check';
import type { Scenario } from './scenario/scenario';
import { demoScenario } from './scenario/demo';
import { emptyScenario } from './scenario/empty';
import { largeScenario } from './scenario/large';
import { KEY_NAMES } from './types';
import type { KeyName, Sandbox, SandboxOptions } from './types';
import { resolveWithoutNetwork } from './warehouse/urlRules';

export { rehearse, type RehearsedAnswer, type RehearsedSettings, type RehearsedTable } from './rehearse';
export { ScenarioError } from './scenario/check';
export { FAULT_KINDS, KEY_NAMES } from './types';
export type {
  EnvironmentsAlias,
  Fault,
  FaultKind,
  Generation,
  KeyName,
  LoggedRequest,
  RefreshBehavior,
  ResourceAccess,
  Sandbox,
  SandboxControl,
  SandboxOptions,
  ThrottleOptions,
} from './types';

const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

/**
 * Starts a local PostHog. Its state lives in memory and ends with the process.
 *
 * @throws Error for a non-loopback host or a port in use
 * @throws ScenarioError with the path of the error in an invalid scenario
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1';
  if (!LOOPBACK.includes(host)) {
    throw new Error(
      `The sandbox listens on loopback only (${LOOPBACK.join(', ')}), not on ${host}, because its keys are no protection.`,
    );
  }
  const scenario = chooseScenario(options.scenario ?? 'demo');
  const state = buildState(scenario, {
    generation: options.generation ?? scenario.generation ?? 'current',
    now: options.now ?? ((): Date => new Date()),
    keys: options.keys ?? {},
  });
  state.throttle = options.throttle ?? state.throttle;
  state.keysUpdateSchema = options.allowKeyUpdateSchema ?? state.keysUpdateSchema;
  state.environmentsAlias = options.environmentsAlias ?? state.environmentsAlias;
  state.uploadRoutes = options.uploadRoutes ?? state.uploadRoutes;
  state.storageHosts = options.storageHosts ?? state.storageHosts;
  if (options.fileUpload !== undefined) {
    for (const { id } of state.organizations.values()) {
      setFeature(state, id, 'warehouse_api', options.fileUpload);
    }
  }
  const faults = new Faults();
  for (const fault of scenario.faults ?? []) {
    faults.add(fault);
  }
  const log = new RequestLog();
  const control = createControl(state, faults, log);
  const application = createApplication({
    state,
    faults,
    log,
    resolveHost: options.resolveHost ?? resolveWithoutNetwork,
    redirectEnvironments: options.redirectEnvironments ?? false,
    onMistake: (error) => {
      process.stderr.write(
        `Internal error in the sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    },
  });
  const controlApplication = options.control ? createControlApplication(control) : null;
  const listener = getRequestListener(
    (request, bindings) =>
      controlApplication && new URL(request.url).pathname.startsWith('/__sandbox__/')
        ? controlApplication.fetch(request, bindings)
        : application.fetch(request, bindings),
    { overrideGlobalObjects: false },
  );
  const server = createServer((request, response) => {
    void listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${port}`,
    keys: Object.fromEntries(
      KEY_NAMES.map((name) => [name, state.keys.find((key) => key.name === name)?.value ?? '']),
    ) as Record<KeyName, string>,
    get generation() {
      return state.generation;
    },
    control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function chooseScenario(scenario: unknown): Scenario {
  switch (scenario) {
    case 'demo':
      return demoScenario();
    case 'large':
      return largeScenario();
    case 'empty':
      return emptyScenario();
    default:
      return checkScenario(scenario);
  }
}
