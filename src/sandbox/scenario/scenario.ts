import type { JsonObject, JsonValue } from '../json';
import type {
  EnvironmentsAlias,
  Fault,
  Generation,
  RefreshBehavior,
  ResourceAccess,
  ThrottleOptions,
} from '../types';
import type { Level, StorageFile } from '../state';

/** A sandbox's whole state as JSON. `scenario.schema.json` describes every key. */
export interface Scenario {
  generation?: Generation;
  organizations: ScenarioOrganization[];
  users: ScenarioUser[];
  keys?: ScenarioKey[];
  faults?: Fault[];
  limits?: ThrottleOptions;
  query_delay_ms?: number;
  /** `update_schema` accepts API keys, as on few servers. */
  allow_key_update_schema?: boolean;
  /** What current servers do with `/api/environments/…`; `served` if absent. */
  environments_alias?: EnvironmentsAlias;
  /** Whether `upload_file` and `create_from_upload` exist; true if absent. */
  upload_routes?: boolean;
  /** The hosts that files can be read from, as on PostHog Cloud; every host if absent. */
  storage_hosts?: string[];
}

export interface ScenarioOrganization {
  id?: string;
  name: string;
  slug?: string;
  features?: string[];
  limits?: {
    projects?: number;
    environments?: number;
    longest_recording_retention?: string | null;
    logs_retention_30_days?: boolean;
  };
  allows_personal_api_keys?: boolean;
  projects: ScenarioProject[];
}

export interface ScenarioProject {
  id: number;
  name: string;
  environments: ScenarioEnvironment[];
}

export interface ScenarioEnvironment {
  id: number;
  name: string;
  settings?: JsonObject;
  dashboards?: number[];
  /** Names of cohorts, by ID. */
  cohorts?: Record<string, string>;
  /** Newest last. */
  tables?: ScenarioTable[];
  /** Generated, numbered tables, older than `tables`. */
  generated_tables?: { count: number; prefix?: string };
  /** Names of saved views. */
  views?: string[];
  /** Path to metric to values of the last two weeks. */
  web_vitals?: Record<string, Record<string, number[]>>;
  web_vitals_failing?: boolean;
  storage?: StorageFile[];
  /** Delay before a deletion happens; 48 hours if absent. */
  deletion_seconds?: number;
}

export interface ScenarioTable {
  id?: string;
  name: string;
  hogql_name?: string;
  format?: string;
  url_pattern?: string;
  credential?: { access_key: string; access_secret: string } | null;
  columns: ScenarioColumn[];
  rows?: JsonValue[][];
  source?: { source_type: string; status?: string; id?: string; direct_query?: boolean } | null;
  external_schema?: { name: string; should_sync?: boolean; last_synced_at?: string | null } | null;
  created_via?: string | null;
  refresh?: RefreshBehavior;
}

export interface ScenarioColumn {
  name: string;
  type: string;
  /** The type of the data in the files; the declared type if absent. */
  data_type?: string;
  schema_valid?: boolean;
}

export interface ScenarioUser {
  id: number;
  first_name: string;
  last_name?: string;
  email: string;
  role_at_organization?: string | null;
  memberships: { organization: string; level: Level }[];
  access?: ({ environment: number } & ResourceAccess)[];
  current_environment?: number | null;
}

export interface ScenarioKey {
  name: string;
  value?: string;
  label?: string;
  user: number;
  scopes: string[] | null;
  scoped_teams?: number[];
  scoped_organizations?: string[];
}
