import assert from 'node:assert/strict';
import type { Log } from '../../../../src/connections/ports';
import type { RemoteChange } from '../../../../src/directory/remoteChanges';
import type { JsonObject } from '../../../../src/json/json';
import type { EnvironmentAt, OperationServices, Receipt, TableAt } from '../../../../src/operations/services';
import type { PostHogClient } from '../../../../src/posthog/client';
import { Canceled, PostHogError, type PostHogErrorFacts, type Stop } from '../../../../src/posthog/errors';
import type {
  EnvironmentBasic,
  EnvironmentDetail,
  Page,
  SchemaAction,
  ServerProfile,
  WarehouseTable,
} from '../../../../src/posthog/models';
import type { FileUpload } from '../../../../src/posthog/multipart';
import { readEnvironmentDetail, readTable } from '../../../../src/posthog/readers';
import type { StoredFile, Uploads } from '../../../../src/posthog/uploads';

export const orders: TableAt = {
  connectionId: 'c1',
  environment: { id: 7, projectId: 7 },
  tableId: 'orders-id',
  name: 'orders',
};

/** A table as the server returns it. A type with a question mark doesn't match the data. */
export function tableWith(columns: Readonly<Record<string, string>>, more: JsonObject = {}): WarehouseTable {
  const table = readTable({
    id: 'orders-id',
    name: 'orders',
    format: 'CSVWithNames',
    url_pattern: 'https://bucket.example.com/orders/*.csv',
    columns: Object.entries(columns).map(([name, type]) => ({
      key: name,
      name,
      type: type.replace('?', ''),
      schema_valid: !type.endsWith('?'),
    })),
    ...more,
  });
  assert.ok(table);
  return table;
}

const currentServer: ServerProfile = { generation: 'current', settingsRoute: 'projects' };

/** An environment as the server returns it. */
export function environmentWith(more: JsonObject = {}): EnvironmentDetail {
  const detail = readEnvironmentDetail({ id: 7, project_id: 7, name: 'Staging', timezone: 'UTC', ...more });
  assert.ok(detail);
  return detail;
}

export const staging: EnvironmentAt = {
  connectionId: 'c1',
  environment: { id: 7, projectId: 7 },
  name: 'Staging',
};

export const page = (...items: WarehouseTable[]): Page<WarehouseTable> => pageOf(items);

/** A list with a single page. */
export const pageOf = <T>(items: T[]): Page<T> => ({
  items,
  total: items.length,
  nextOffset: undefined,
  unreadable: 0,
});

const failure = (facts: Partial<PostHogErrorFacts>): PostHogError =>
  new PostHogError({ kind: 'server', what: 'It failed.', why: 'A fault.', remedy: 'Wait.', ...facts });

/** The server refused, so nothing has changed. */
export const refusal = (facts: Partial<PostHogErrorFacts> = {}): PostHogError =>
  failure({ kind: 'validation', ...facts });
/** There was no usable response, so the server may have applied it. */
export const doubt = (facts: Partial<PostHogErrorFacts> = {}): PostHogError =>
  failure({ mayHaveBeenApplied: true, ...facts });
/** The user canceled before anything was sent. */
export const canceledBefore = (): Canceled => new Canceled();
/** The user canceled after it was sent. */
export const canceledAfter = (): Canceled => new Canceled({ mayHaveBeenApplied: true });
/** The server can't be reached. */
export const unreachable = (): PostHogError => failure({ kind: 'network', what: 'No network.' });
export const notFound = (): PostHogError => failure({ kind: 'not-found' });

/** What each call of a client returns, in turn. */
interface Script {
  getEnvironment?: (EnvironmentDetail | Stop)[];
  patchEnvironment?: (EnvironmentDetail | Stop)[];
  createEnvironment?: (EnvironmentDetail | Stop)[];
  deleteEnvironment?: (undefined | Stop)[];
  listProjects?: (Page<EnvironmentBasic> | Stop)[];
  listEnvironments?: (Page<EnvironmentBasic> | Stop)[];
  getTable?: (WarehouseTable | Stop)[];
  listTables?: (Page<WarehouseTable> | Stop)[];
  createTable?: (WarehouseTable | Stop)[];
  patchTable?: (WarehouseTable | Stop)[];
  updateSchema?: (undefined | Stop)[];
  refreshSchema?: (undefined | Stop)[];
  deleteTable?: (undefined | Stop)[];
  /** The first step of a two-step upload; it reads the file. */
  store?: (StoredFile | Stop)[];
  /** The second step. */
  create?: (WarehouseTable | Stop)[];
  /** The older action; it reads the file. */
  file?: (WarehouseTable | undefined | Stop)[];
  /** Actions on columns that the server is known to refuse to every key. */
  refuses?: readonly SchemaAction[];
}

type UploadCalls = 'store' | 'create' | 'file';

interface ScriptedClient extends Pick<
  PostHogClient,
  Exclude<keyof Script, UploadCalls | 'refuses'> | 'takesKeysFor' | 'profile' | 'detect'
> {
  uploads(): Promise<Pick<Uploads, UploadCalls>>;
}

/** The services of an operation, with a scripted server and a record of everything announced. */
export class Bench implements OperationServices<ScriptedClient> {
  /** Names of the calls, in order. */
  readonly calls: string[] = [];
  readonly bodies: unknown[] = [];
  readonly told: RemoteChange[] = [];
  readonly written: Receipt[] = [];
  readonly changes = { fire: (change: RemoteChange) => this.told.push(change) };
  readonly receipts = { add: (receipt: Receipt) => this.written.push(receipt) };
  readonly connections = { client: async () => this.client, get: () => ({ label: 'Test' }) };
  readonly client: ScriptedClient = {
    profile: currentServer,
    detect: async () => currentServer,
    getEnvironment: async () => this.#next('getEnvironment', this.script.getEnvironment),
    patchEnvironment: async (_ref, body) =>
      this.#next('patchEnvironment', this.script.patchEnvironment, body),
    createEnvironment: async (_place, body) =>
      this.#next('createEnvironment', this.script.createEnvironment, body),
    deleteEnvironment: async () => this.#next('deleteEnvironment', this.script.deleteEnvironment),
    listProjects: async () => this.#next('listProjects', this.script.listProjects),
    listEnvironments: async () => this.#next('listEnvironments', this.script.listEnvironments),
    getTable: async () => this.#next('getTable', this.script.getTable),
    listTables: async () => this.#next('listTables', this.script.listTables),
    createTable: async (_ref, body) => this.#next('createTable', this.script.createTable, body),
    patchTable: async (_ref, _id, body) => this.#next('patchTable', this.script.patchTable, body),
    updateSchema: async (_ref, _id, updates) => this.#next('updateSchema', this.script.updateSchema, updates),
    refreshSchema: async () => this.#next('refreshSchema', this.script.refreshSchema),
    deleteTable: async () => this.#next('deleteTable', this.script.deleteTable),
    uploads: async () => ({
      store: async (_ref, upload, onProgress) => {
        await this.#read(upload, onProgress);
        return this.#next('store', this.script.store, upload.fileName);
      },
      create: async (_ref, _file, name) => this.#next('create', this.script.create, name),
      file: async (_ref, upload, onProgress) => {
        await this.#read(upload, onProgress);
        return this.#next('file', this.script.file, upload.fileName);
      },
    }),
    takesKeysFor: (action) => (this.script.refuses?.includes(action) ? false : undefined),
  };

  constructor(private readonly script: Script) {}

  async #read(upload: FileUpload, onProgress: (sentBytes: number) => void): Promise<void> {
    let sentBytes = 0;
    for await (const chunk of upload.stream()) {
      sentBytes += chunk.byteLength;
      onProgress(sentBytes);
    }
  }

  #next<T>(call: string, answers: (T | Stop)[] | undefined, body?: unknown): T {
    this.calls.push(call);
    if (body !== undefined) {
      this.bodies.push(body);
    }
    assert.ok(answers && answers.length > 0, `unexpected ${call}: ${this.calls.join(', ')}`);
    const [answer] = answers.splice(0, 1) as [T | PostHogError];
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  }
}

export const never = (): AbortSignal => new AbortController().signal;

/** A log that keeps warnings and errors. */
export class KeptLog implements Log {
  readonly warnings: string[] = [];
  readonly errors: (string | Error)[] = [];
  debug = (): void => undefined;
  info = (): void => undefined;
  warn = (message: string): void => void this.warnings.push(message);
  error = (error: string | Error): void => void this.errors.push(error);
}
