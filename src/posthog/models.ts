import type { JsonObject, JsonValue } from '../json/json';

/** What is known about a server from its responses (API facts 1.10). The caller stores it with the connection. */
export interface ServerProfile {
  generation: 'documented' | 'current';
  /** Which route has an environment's complete settings: on some servers, `projects` has gaps (API facts 0). */
  settingsRoute: 'projects' | 'environments' | 'nested';
  /** Which actions on a table's columns allow API keys; those that were never tried are absent. */
  schemaActions?: Partial<Record<SchemaAction, boolean>>;
  /** How this server accepts files; undefined until tried. */
  uploadRoute?: UploadRoute;
  /** Which route has `web_vitals`; undefined until tried. */
  webVitalsRoute?: 'projects' | 'environments';
}

/** `upload_file`: in two steps, starting with this one; `file`: only with the older action (API facts 9.2). */
export type UploadRoute = 'upload_file' | 'file';

/** Actions on a table's columns. Servers may allow API keys only one of them (API facts 9.2). */
export type SchemaAction = 'update_schema' | 'refresh_schema';

/** Refers to an environment. On `current` servers, `id` and `projectId` are the same number (API facts 0). */
export interface EnvironmentRef {
  id: number;
  projectId: number;
  organizationId?: string;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** The total number on the server. */
  total: number;
  /** Where the next page starts; undefined on the last page. */
  nextOffset: number | undefined;
  /** The number of items on this page that couldn't be parsed: shown to the user, never silently dropped. */
  unreadable: number;
}

/** Where a page starts and its maximum length, in items. */
export interface PageRequest {
  offset: number;
  limit: number;
}

/** `GET /api/personal_api_keys/@current/` (API facts 5.1). */
export interface KeyInfo {
  label?: string | undefined;
  /** The key with all but its ends masked by the server. */
  mask_value?: string | undefined;
  user_id?: number | undefined;
  /** `['*']` or single scopes; null: a legacy key with full access; undefined: the server doesn't say. */
  scopes: readonly string[] | null | undefined;
  /** Empty: not restricted. */
  scoped_teams: readonly number[];
  /** Empty: not restricted. */
  scoped_organizations: readonly string[];
}

/** A user as PostHog shows them for an object (API facts 2.1). */
export interface UserBasic {
  id?: number | undefined;
  first_name?: string | undefined;
  last_name?: string | undefined;
  email?: string | undefined;
}

/** An environment as lists show it (API facts 4.1). */
export interface EnvironmentBasic {
  id: number;
  name: string;
  /** Equal to `id` if the list doesn't say. */
  project_id: number;
  organization?: string | undefined;
  uuid?: string | undefined;
  /** The public ingest token, `phc_…`. */
  api_token?: string | undefined;
  timezone?: string | undefined;
  is_demo?: boolean | undefined;
  is_pending_deletion?: boolean | undefined;
  /** When a scheduled deletion starts, as an ISO date-time; until then, it can be canceled (API facts 9.3). */
  deletion_scheduled_at?: string | undefined;
}

/** A project in the list of an organization. */
export interface ProjectBasic {
  id: number;
  name: string;
  organization_id?: string | undefined;
}

/** An organization (API facts 5.3). */
export interface Organization {
  id: string;
  name: string;
  slug?: string | undefined;
  /** 1 member, 8 admin, 15 owner. */
  membership_level?: number | undefined;
  teams: EnvironmentBasic[];
  projects: ProjectBasic[];
}

/** The key's owner (API facts 5.2). `organization` and `team` are the current ones in the web interface. */
export interface Me extends UserBasic {
  uuid?: string | undefined;
  organization?: Organization | undefined;
  organizations: { id: string; name: string }[];
  team?: EnvironmentBasic | undefined;
}

/** An environment with all its details. */
export interface EnvironmentDetail extends EnvironmentBasic {
  /** 1 member, 8 admin, 15 owner. */
  effective_membership_level?: number | undefined;
  /** none, member, admin. */
  user_access_level?: string | undefined;
  updated_at?: string | undefined;
  /** The whole response, including secrets: never log it. */
  raw: JsonObject;
}

/** A column of a warehouse table (API facts 2.1). */
export interface Column {
  name: string;
  type: string;
  /** False: the declared type doesn't match the data, so queries leave the column out. */
  schema_valid: boolean;
}

/** The source that manages a synced table. */
export interface ExternalDataSource {
  id: string;
  source_type?: string | undefined;
  status?: string | undefined;
  created_at?: string | undefined;
}

/** The part of a source that fills one table. */
export interface ExternalSchema {
  id: string;
  name?: string | undefined;
  should_sync?: boolean | undefined;
  last_synced_at?: string | undefined;
}

/** Storage credentials; the key and the secret are write-only. */
export interface TableCredential {
  id: string;
  created_at?: string | undefined;
}

/** A warehouse table (API facts 2.1). */
export interface WarehouseTable {
  id: string;
  name: string;
  format: string;
  url_pattern: string;
  columns: Column[];
  /** The number of columns that couldn't be parsed. */
  unreadableColumns: number;
  /** Present: a source manages this table. */
  external_data_source: ExternalDataSource | null;
  external_schema: ExternalSchema | null;
  /** Null for tables that a source or PostHog manages. */
  credential: TableCredential | null;
  created_at?: string | undefined;
  created_by: UserBasic | null;
  /** The dotted name for SQL, on newer servers. */
  hogql_name?: string | undefined;
  user_access_level?: string | undefined;
  /** The whole table as the server sent it. */
  raw: JsonObject;
}

/** The name of a web vital, as in `action.custom_name`. */
export type WebVitalName = 'INP' | 'LCP' | 'CLS' | 'FCP';

/** A metric over time: milliseconds, or no unit for CLS (API facts 3). */
export interface WebVitalMetric {
  /** The last nonzero value; for CLS, simply the last one. */
  latest: number;
  series: number[];
  /** `YYYY-MM-DD`, one per value. */
  days: string[];
}

/** The 90th percentiles of a path. Exactly one of three results: metrics, no data, or a failed query. */
export interface WebVitals {
  metrics: Partial<Record<WebVitalName, WebVitalMetric>>;
  /** The query ran, but there is no data for this path. */
  noData: boolean;
  /** The server couldn't run the query. */
  queryFailed: boolean;
  raw: JsonObject;
}

/** Rows of a HogQL query (API facts 5.4). */
export interface QueryResult {
  columns: string[];
  /** The type of each column, in the same order; empty if the server doesn't say. */
  types: string[];
  results: JsonValue[][];
  hasMore: boolean;
}

/** An entry of the activity log (API facts 5.5). */
export interface ActivityEntry {
  id: string;
  user: UserBasic | null;
  activity: string;
  scope: string;
  item_id?: string | undefined;
  changes: ActivityChange[];
  created_at: string;
  is_system: boolean;
  /** The `X-Posthog-Client` that made the change. */
  client?: string | undefined;
}

/** A changed field of an activity. */
export interface ActivityChange {
  field?: string | undefined;
  action?: string | undefined;
  before?: JsonValue | undefined;
  after?: JsonValue | undefined;
}

/** A page of the activity log, which has no count. */
export interface ActivityPage {
  items: ActivityEntry[];
  /** For the next page; undefined on the last page. */
  nextCursor: string | undefined;
  unreadable: number;
}
