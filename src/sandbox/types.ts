import type { JsonObject, JsonValue } from './json';
import type { GivenColumns } from './warehouse/fileContent';

/** Which API the sandbox speaks: the seed's nested environments, or today's projects (API facts 0). */
export type Generation = 'documented' | 'current';

/** What the current generation makes of `/api/environments/…`: serves it, or answers 404 or 410 (API facts 9.3). */
export type EnvironmentsAlias = 'served' | 404 | 410;

/** The keys every sandbox has. */
export type KeyName = 'admin' | 'read' | 'member' | 'projectScoped' | 'organizationScoped' | 'none';

/** All key names, in the order in which they are printed. */
export const KEY_NAMES: readonly KeyName[] = [
  'admin',
  'read',
  'member',
  'projectScoped',
  'organizationScoped',
  'none',
];

/** What can be made to go wrong. `-after` means: the request was carried out before. */
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
  /** A list answers its first page, whatever page was asked for. */
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

/** One thing that goes wrong on purpose. */
export interface Fault {
  /** `path` is a prefix, or a pattern with `*` (one segment) and `**` (any rest). */
  route: { method?: string; path: string };
  /** How many requests it hits; forever when absent. */
  times?: number;
  kind: FaultKind;
  /** For `latency`; may be added to any other kind. */
  delayMs?: number;
  /** For `status-429` and `status-503`. */
  retryAfterSeconds?: number;
}

/** Limits per key, off unless given (API facts 1.6). */
export interface ThrottleOptions {
  perMinute?: number;
  perHour?: number;
}

/** One request as the sandbox saw it. Never holds a key. */
export interface LoggedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  /** 0 when the connection was dropped before an answer. */
  status: number;
  /** Which sandbox key was used, null for none or an unknown one. */
  keyName: string | null;
  /** Parsed JSON or form fields; absent without a body. File contents are never kept. */
  body?: JsonValue;
  headers: Record<string, string>;
}

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Default `current`. */
  generation?: Generation;
  /** Name of a shipped scenario or the parsed JSON of a scenario file. Default `demo`. */
  scenario?: unknown;
  /** Default 0: a free port. */
  port?: number;
  /** Default `127.0.0.1`. Anything but loopback is refused. */
  host?: '127.0.0.1' | 'localhost' | '::1';
  /** Values for keys by name; others are random. */
  keys?: Partial<Record<KeyName, string>>;
  /** Opens the control port under `/__sandbox__/`. Default false. */
  control?: boolean;
  /** The short phase of June 2026: `/api/environments/…` answers 307 (API facts 0). */
  redirectEnvironments?: boolean;
  /** `update_schema` of the current generation takes API keys, as few servers do (API facts 9.2). Default false. */
  allowKeyUpdateSchema?: boolean;
  /** The current generation has `upload_file` and `create_from_upload` (API facts 9.2). Default true. */
  uploadRoutes?: boolean;
  /** Whether organizations have the flag `warehouse-api`, which the older `file` action needs. Default: as the scenario says. */
  fileUpload?: boolean;
  /**
   * The hosts that files may be read from: names, or `*.` and the end of names. PostHog Cloud allows only storage that
   * it knows (API facts 9.2, #57974); which that is, no source says, so every host is allowed unless some are given.
   */
  storageHosts?: readonly string[];
  /** What the current generation makes of `/api/environments/…`, whose end is announced. Default `served`. */
  environmentsAlias?: EnvironmentsAlias;
  throttle?: ThrottleOptions;
  /** Resolves host names of URL patterns; the default knows only literal addresses and public-looking names. */
  resolveHost?: (name: string) => Promise<string[]>;
  now?: () => Date;
}

/** Reads and changes the sandbox behind the client's back. */
export interface SandboxControl {
  requests(): readonly LoggedRequest[];
  clearRequests(): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** The full settings object of an environment as the current generation shows it to an owner. */
  environment(id: number): JsonObject;
  /** Every environment id, in the order of the scenario. */
  environmentIds(): number[];
  /** Sets values without any check. */
  patchEnvironment(id: number, changes: JsonObject): void;
  /** Ends a pending deletion, or deletes at once. */
  removeEnvironment(id: number): void;
  /** Calls a scheduled deletion off, as people can in the web interface. */
  cancelDeletion(id: number): void;
  tables(environmentId: number): JsonObject[];
  table(environmentId: number, tableId: string): JsonObject;
  /** Sets `name`, `format`, `url_pattern`, `columns` or `deleted` without any check. */
  patchTable(environmentId: number, tableId: string, changes: JsonObject): void;
  /** The stored credential with its secrets, which no response has. */
  credential(environmentId: number, tableId: string): { access_key: string; access_secret: string } | null;
  /** Makes the next refreshes of a table slow, failing, or both. Cleared by an empty object. */
  setRefresh(environmentId: number, tableId: string, behaviour: RefreshBehaviour): void;
  /** Every query takes this long; canceling ends it early. */
  setQueryDelay(delayMs: number): void;
  /** Makes web vitals fail as the generation does: 500 `{"error"}` or 200 with no results. */
  setWebVitalsFailing(environmentId: number, failing: boolean): void;
  revokeKey(name: string): void;
  setKeyScopes(name: string, scopes: string[] | null): void;
  /** Organization features such as `access_control`, `audit_logs`, `warehouse_api`, `data_color_themes`. */
  setFeature(organizationId: string, feature: string, on: boolean): void;
  /** Whether the members of an organization may use personal API keys. */
  setPersonalApiKeysAllowed(organizationId: string, allowed: boolean): void;
  /** Membership level 1, 8 or 15 of the user behind a key, in the organization of an environment. */
  setMembership(keyName: string, environmentId: number, level: 1 | 8 | 15 | null): void;
  /** Per-resource access of the user behind a key. */
  setAccess(keyName: string, environmentId: number, access: ResourceAccess): void;
  setGeneration(generation: Generation): void;
  /** Whether `update_schema` of the current generation takes API keys. */
  setKeyUpdateSchema(allowed: boolean): void;
  /** Whether the current generation has `upload_file` and `create_from_upload`. */
  setUploadRoutes(on: boolean): void;
  /** What the current generation makes of `/api/environments/…`. */
  setEnvironmentsAlias(alias: EnvironmentsAlias): void;
}

/** What `refresh_schema` does for one table. */
export interface RefreshBehaviour {
  delayMs?: number;
  /** The message of the failure (400 on current servers, 500 on documented ones). */
  failure?: string;
  /** The columns the files have now: name to type, or a list where the order of numeric names matters. */
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
