import type { JsonObject, JsonValue } from '../json/json';

/** What has been learned about one server by its answers (API facts 1.10). Kept by the caller with the connection. */
export interface ServerProfile {
  generation: 'documented' | 'current';
  /** Where an environment's settings are complete: see API facts 0 for the servers on which `projects` has gaps. */
  settingsRoute: 'projects' | 'environments' | 'nested';
  /** Which actions on the columns of a table take API keys here; one that was not tried is left out. */
  schemaActions?: Partial<Record<SchemaAction, boolean>>;
  /** How files are uploaded here; undefined until tried. */
  uploadRoute?: UploadRoute;
  /** Where `web_vitals` answers; undefined until tried. */
  webVitalsRoute?: 'projects' | 'environments';
}

/** `upload_file`: in two steps, of which this is the first; `file`: with the older action alone (API facts 9.2). */
export type UploadRoute = 'upload_file' | 'file';

/** What is done to the columns of a table. Servers let keys do the one and not the other (API facts 9.2). */
export type SchemaAction = 'update_schema' | 'refresh_schema';

/** Points at an environment. On `current` servers `id` and `projectId` are the same number (API facts 0). */
export interface EnvironmentRef {
  id: number;
  projectId: number;
  organizationId?: string;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** How many there are on the server in all. */
  total: number;
  /** Where the next page starts; undefined on the last page. */
  nextOffset: number | undefined;
  /** Rows of this page that could not be understood: shown as a number, never passed over in silence. */
  unreadable: number;
}

/** Where a page starts and how long it may be, in items. */
export interface PageRequest {
  offset: number;
  limit: number;
}

/** `GET /api/personal_api_keys/@current/` (API facts 5.1). */
export interface KeyInfo {
  label?: string | undefined;
  /** The key with all but its ends masked, as the server shows it. */
  mask_value?: string | undefined;
  user_id?: number | undefined;
  /** `['*']` or single scopes; null: a legacy key with full access; undefined: this server does not say. */
  scopes: readonly string[] | null | undefined;
  /** Empty: not restricted. */
  scoped_teams: readonly number[];
  /** Empty: not restricted. */
  scoped_organizations: readonly string[];
}

/** A person as PostHog shows them beside an object (API facts 2.1). */
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
  /** Equal to `id` where the list does not say. */
  project_id: number;
  organization?: string | undefined;
  uuid?: string | undefined;
  /** The public ingest token, `phc_…`. */
  api_token?: string | undefined;
  timezone?: string | undefined;
  is_demo?: boolean | undefined;
  is_pending_deletion?: boolean | undefined;
  /** When a scheduled deletion begins, as an ISO date-time; until then it can be canceled (API facts 9.3). */
  deletion_scheduled_at?: string | undefined;
}

/** A project as organizations list it. */
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

/** The key's owner (API facts 5.2). `organization` and `team` are the current ones of the web interface. */
export interface Me extends UserBasic {
  uuid?: string | undefined;
  organization?: Organization | undefined;
  organizations: { id: string; name: string }[];
  team?: EnvironmentBasic | undefined;
}

/** An environment with everything the server says about it. */
export interface EnvironmentDetail extends EnvironmentBasic {
  /** 1 member, 8 admin, 15 owner. */
  effective_membership_level?: number | undefined;
  /** none, member, admin. */
  user_access_level?: string | undefined;
  updated_at?: string | undefined;
  /** The whole answer, secrets included: never log it. */
  raw: JsonObject;
}

/** A column of a warehouse table (API facts 2.1). */
export interface Column {
  name: string;
  type: string;
  /** False: the declared type doesn't match the data, queries leave the column out. */
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
  /** Columns of the answer that could not be understood. */
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
  /** The whole row as it came. */
  raw: JsonObject;
}

/** Name of a web vital, as `action.custom_name` says it. */
export type WebVitalName = 'INP' | 'LCP' | 'CLS' | 'FCP';

/** One metric over time: milliseconds, CLS without unit (API facts 3). */
export interface WebVitalMetric {
  /** The last non-zero value; for CLS the plain last one. */
  latest: number;
  series: number[];
  /** `YYYY-MM-DD`, one for each value. */
  days: string[];
}

/** The 90th percentiles of one path. Exactly one of three outcomes: metrics, no data, or a failed query. */
export interface WebVitals {
  metrics: Partial<Record<WebVitalName, WebVitalMetric>>;
  /** The query ran and there is nothing for this path. */
  noData: boolean;
  /** The server could not run the query. */
  queryFailed: boolean;
  raw: JsonObject;
}

/** Rows of a HogQL query (API facts 5.4). */
export interface QueryResult {
  columns: string[];
  /** Type of each column, in their order; empty when the server does not say. */
  types: string[];
  results: JsonValue[][];
  hasMore: boolean;
}

/** One entry of the activity log (API facts 5.5). */
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

/** One changed field of an activity. */
export interface ActivityChange {
  field?: string | undefined;
  action?: string | undefined;
  before?: JsonValue | undefined;
  after?: JsonValue | undefined;
}

/** A page of the activity log: it has no count. */
export interface ActivityPage {
  items: ActivityEntry[];
  /** Give it to the next call; undefined on the last page. */
  nextCursor: string | undefined;
  unreadable: number;
}
