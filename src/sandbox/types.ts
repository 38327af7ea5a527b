import type { JsonObject, JsonValue } from './json';
import type { GivenColumns } from './warehouse/fileContent';

/** Which API the sandbox speaks: the seed's nested environments, or today's projects (API facts 0). */
export type Generation = 'documented' | 'current';

/** What the current generation does with `/api/environments/…`: serve it, or respond 404 or 410 (API facts 9.3). */
export type EnvironmentsAlias = 'served' | 404 | 410;

/** The keys that every sandbox has. */
export type KeyName = 'admin' | 'read' | 'member' | 'projectScoped' | 'organizationScoped' | 'none';

/** All key names, in the order they are printed. */
export const KEY_NAMES: readonly KeyName[] = [
  'admin',
  'read',
  'member',
  'projectScoped',
  'organizationScoped',
  'none',
];

/** What can go wrong. `-after` means that the request was carried out first. */
export type FaultKind =
  | 'latency'
  | 'drop-before'
  | 'drop-after'
  | 'half-body'
  | 'status-429'
  | 'status-500'
  | 'status-500-after'
  | 'html-502'
  | 'status-503'
  | 'wrong-content-type'
  | 'different-answer'
  /** A list returns its first page, whatever page was requested. */
  | 'same-page';

/** All fault kinds. */
export const FAULT_KINDS: readonly FaultKind[] = [
  'latency',
  'drop-before',
  'drop-after',
  'half-body',
  'status-429',
  'status-500',
  'status-500-after',
  'html-502',
  'status-503',
  'wrong-content-type',
  'different-answer',
  'same-page',
];

/** A deliberate failure. */
export interface Fault {
  /** `path` is a prefix, or a pattern with `*` (one segment) and `**` (any rest). */
  route: { method?: string; path: string };
  /** Number of requests it affects; every one if absent. */
  times?: number;
  kind: FaultKind;
  /** For `latency`; can be added to any other kind. */
  delayMs?: number;
  /** How long the response of a `latency` is held back after the request was applied. */
  holdMs?: number;
  /** For `status-429` and `status-503`. */
  retryAfterSeconds?: number;
}

/** Limits per key, off unless given (API facts 1.6). */
export interface ThrottleOptions {
  perMinute?: number;
  perHour?: number;
}

/** A request as the sandbox saw it. Never holds a key. */
export interface LoggedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  /** 0 if the connection was dropped before a response. */
  status: number;
  /** Which sandbox key was used; null for none or an unknown one. */
  keyName: string | null;
  /** Parsed JSON or form fields; absent if there was no body. File contents are never kept. */
  body?: JsonValue;
  headers: Record<string, string>;
}

/** Options for starting a sandbox. */
export interface SandboxOptions {
  /** Default `current`. */
  generation?: Generation;
  /** Name of a built-in scenario, or the parsed JSON of a scenario file. Default `demo`. */
  scenario?: unknown;
  /** Default 0: any free port. */
  port?: number;
  /** Default `127.0.0.1`. Only loopback is allowed. */
  host?: '127.0.0.1' | 'localhost' | '::1';
  /** Values for keys by name; the others are random. */
  keys?: Partial<Record<KeyName, string>>;
  /** Enables the control API under `/__sandbox__/`. Default false. */
  control?: boolean;
  /** The brief phase in June 2026 when `/api/environments/…` responded with 307 (API facts 0). */
  redirectEnvironments?: boolean;
  /** `update_schema` of the current generation accepts API keys, as on few servers (API facts 9.2). Default false. */
  allowKeyUpdateSchema?: boolean;
  /** The current generation has `upload_file` and `create_from_upload` (API facts 9.2). Default true. */
  uploadRoutes?: boolean;
  /**
   * Whether organizations have the flag `warehouse-api`, which the older `file` action needs. Default: as the scenario
   * says.
   */
  fileUpload?: boolean;
  /**
   * The hosts that files can be read from: names, or `*.` and a domain. PostHog Cloud allows only certain storage (API
   * facts 9.2, #57974); no source says which, so every host is allowed by default.
   */
  storageHosts?: readonly string[];
  /** What the current generation does with `/api/environments/…`, whose removal is announced. Default `served`. */
  environmentsAlias?: EnvironmentsAlias;
  throttle?: ThrottleOptions;
  /** Resolves host names of URL patterns; the default knows only literal addresses and public-looking names. */
  resolveHost?: (name: string) => Promise<string[]>;
  now?: () => Date;
}

/** Reads and changes the sandbox directly, without a request. */
export interface SandboxControl {
  requests(): readonly LoggedRequest[];
  clearRequests(): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** The full settings object of an environment as the current generation shows it to an owner. */
  environment(id: number): JsonObject;
  /** Every environment ID, in the order of the scenario. */
  environmentIds(): number[];
  /** Sets values without validation. */
  patchEnvironment(id: number, changes: JsonObject): void;
  /** Completes a pending deletion, or deletes immediately. */
  removeEnvironment(id: number): void;
  /** Cancels a scheduled deletion, as people can in the web interface. */
  cancelDeletion(id: number): void;
  tables(environmentId: number): JsonObject[];
  table(environmentId: number, tableId: string): JsonObject;
  /** Sets `name`, `format`, `url_pattern`, `columns` or `deleted` without validation. */
  patchTable(environmentId: number, tableId: string, changes: JsonObject): void;
  /** The stored credential including its secrets, which no response contains. */
  credential(environmentId: number, tableId: string): { access_key: string; access_secret: string } | null;
  /** Makes the next refreshes of a table slow, failing, or both. An empty object resets it. */
  setRefresh(environmentId: number, tableId: string, behavior: RefreshBehavior): void;
  /** Delays every query by this time; canceling ends the delay. */
  setQueryDelay(delayMs: number): void;
  /** Makes web vitals fail as each generation does: 500 `{"error"}` or 200 with no results. */
  setWebVitalsFailing(environmentId: number, failing: boolean): void;
  revokeKey(name: string): void;
  setKeyScopes(name: string, scopes: string[] | null): void;
  /** Organization features such as `access_control`, `audit_logs`, `warehouse_api`, `data_color_themes`. */
  setFeature(organizationId: string, feature: string, on: boolean): void;
  /** Whether members of an organization can use personal API keys. */
  setPersonalApiKeysAllowed(organizationId: string, allowed: boolean): void;
  /** Membership level (1, 8 or 15) of a key's user in the organization of an environment. */
  setMembership(keyName: string, environmentId: number, level: 1 | 8 | 15 | null): void;
  /** Per-resource access of a key's user. */
  setAccess(keyName: string, environmentId: number, access: ResourceAccess): void;
  setGeneration(generation: Generation): void;
  /** Whether `update_schema` of the current generation accepts API keys. */
  setKeyUpdateSchema(allowed: boolean): void;
  /** Whether the current generation has `upload_file` and `create_from_upload`. */
  setUploadRoutes(on: boolean): void;
  /** What the current generation does with `/api/environments/…`. */
  setEnvironmentsAlias(alias: EnvironmentsAlias): void;
}

/** What `refresh_schema` does for one table. */
export interface RefreshBehavior {
  delayMs?: number;
  /** The error message (400 on current servers, 500 on documented ones). */
  failure?: string;
  /** The columns the files have now: name to type, or a list if the order of numeric names matters. */
  columns?: GivenColumns;
}

/** Per-resource access of one user in one environment (API facts 2.8, 4.3). */
export interface ResourceAccess {
  project?: 'none' | 'member' | 'admin';
  warehouse_table?: 'none' | 'viewer' | 'editor';
  web_analytics?: 'none' | 'viewer' | 'editor';
}

/** A running sandbox. */
export interface Sandbox {
  /** Origin without a trailing slash. */
  url: string;
  keys: Record<KeyName, string>;
  generation: Generation;
  control: SandboxControl;
  /** Stops serving and drops open connections. */
  close(): Promise<void>;
}
