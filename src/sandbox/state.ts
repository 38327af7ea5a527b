import { notFound } from './errors';
import type { JsonObject, JsonValue } from './json';
import type { StoredTable } from './stored';
import { checkColumns } from './warehouse/columns';
import type { FileContent, GivenColumns } from './warehouse/fileContent';
import type { EnvironmentsAlias, Generation, ResourceAccess, ThrottleOptions } from './types';

/** Current servers delete 48 hours after the request (API facts 9.3). */
export const DELETION_SECONDS = 48 * 3600;

/** Delay between creating a table and checking its columns. */
const COLUMN_CHECK_MS = 2000;

/** Membership levels: member, admin, owner (API facts 5.3). */
export type Level = 1 | 8 | 15;

/** The plan of an organization. */
export interface Limits {
  projects: number | null;
  environments: number | null;
  longestRetention: string | null;
  logsRetention30Days: boolean;
}

export interface Organization {
  id: string;
  name: string;
  slug: string;
  createdAt: string;
  features: Set<string>;
  limits: Limits;
  allowsPersonalApiKeys: boolean;
}

/** A project of a documented server; on current servers the environment is the project. */
export interface Project {
  id: number;
  organizationId: string;
  name: string;
  createdAt: string;
}

export interface Environment {
  id: number;
  projectId: number;
  organizationId: string;
  /** Stored values of all fields that don't depend on the caller. */
  values: JsonObject;
  dashboards: number[];
  /** Names of cohorts, by ID. */
  cohorts: Map<number, string>;
  /** Newest first, including deleted ones. */
  tables: StoredTable[];
  /** Names of saved views: on newer servers no table can share them. */
  views: string[];
  /** Files sent to `upload_file`, by ID, for `create_from_upload`. */
  uploads: Map<string, Upload>;
  /** Files in PostHog's own storage that tables read, by URL. */
  objects: Map<string, StoredObject>;
  webVitals: Record<string, Record<string, number[]>>;
  webVitalsFailing: boolean;
  /** Buckets the server can read. */
  storage: StorageFile[];
  pendingDeletion: boolean;
  deletedAtMs: number | null;
  /** Delay before a deletion happens. */
  deletionSeconds: number;
  activity: JsonObject[];
}

/** A file uploaded separately from its table. */
export interface Upload {
  filename: string;
  content: Buffer;
}

/** A file in PostHog's own storage: its content, or why it can't be read. */
export type StoredObject = FileContent | { problem: string };

/** Files behind a URL pattern, and the result of reading them. */
export interface StorageFile {
  url_pattern: string;
  access_key?: string;
  error?: string;
  columns?: GivenColumns;
  rows?: JsonValue[][];
}

export interface User {
  id: number;
  uuid: string;
  distinctId: string;
  firstName: string;
  lastName: string;
  email: string;
  role: string | null;
  memberships: Map<string, Level>;
  access: Map<number, ResourceAccess>;
  currentEnvironmentId: number | null;
  currentOrganizationId: string | null;
}

export interface ApiKey {
  id: string;
  name: string;
  value: string;
  label: string;
  userId: number;
  /** null for a legacy key with full access. */
  scopes: string[] | null;
  scopedTeams: number[];
  scopedOrganizations: string[];
  createdAt: string;
  revoked: boolean;
}

/** A query from its start until its result is fetched or it is canceled. */
export interface RunningQuery {
  id: string;
  environmentId: number;
  startedAt: string;
  outcome: { result: JsonObject } | { error: string } | null;
  cancel: () => void;
  finished: Promise<JsonObject>;
}

/** Everything the sandbox knows, in memory only. */
export class State {
  readonly organizations = new Map<string, Organization>();
  readonly projects = new Map<number, Project>();
  readonly environments = new Map<number, Environment>();
  readonly users = new Map<number, User>();
  readonly keys: ApiKey[] = [];
  readonly queries = new Map<string, RunningQuery>();
  #columnChecks: { table: StoredTable; atMs: number }[] = [];
  #lastId = 0;
  queryDelayMs = 0;
  /** Whether `update_schema` of the current generation accepts API keys, as on few servers (API facts 9.2). */
  keysUpdateSchema = false;
  /** What the current generation does with `/api/environments/…` (API facts 9.3). */
  environmentsAlias: EnvironmentsAlias = 'served';
  /** Whether the current generation has `upload_file` and `create_from_upload` (API facts 9.2). */
  uploadRoutes = true;
  /** The hosts that files can be read from, as on PostHog Cloud; null for all. */
  storageHosts: readonly string[] | null = null;
  throttle: ThrottleOptions = {};

  constructor(
    public generation: Generation,
    readonly now: () => Date,
  ) {}

  /** Checks the columns of a new table a little later, like the real background task (API facts 2.2). */
  checkColumnsLater(table: StoredTable): void {
    this.#columnChecks.push({ table, atMs: this.now().getTime() + COLUMN_CHECK_MS });
  }

  /** Finishes background work that is due; called before anything else looks at the state. */
  finishBackgroundWork(): void {
    const nowMs = this.now().getTime();
    this.#columnChecks.filter(({ atMs }) => atMs <= nowMs).forEach(({ table }) => checkColumns(table));
    this.#columnChecks = this.#columnChecks.filter(({ atMs }) => atMs > nowMs);
    this.#finishDeletions();
  }

  #finishDeletions(): void {
    for (const environment of this.environments.values()) {
      const { deletedAtMs, deletionSeconds } = environment;
      if (deletedAtMs !== null && this.now().getTime() >= deletedAtMs + deletionSeconds * 1000) {
        this.removeEnvironment(environment.id);
      }
    }
  }

  /** Removes an environment, and its project if it was the last one. */
  removeEnvironment(id: number): void {
    const projectId = this.environments.get(id)?.projectId;
    this.#lastId = Math.max(this.#lastId, id, projectId ?? 0);
    this.environments.delete(id);
    if (projectId !== undefined && this.environmentsOfProject(projectId).length === 0) {
      this.projects.delete(projectId);
    }
  }

  organization(id: string): Organization {
    const found = this.organizations.get(id);
    if (!found) {
      throw notFound();
    }
    return found;
  }

  environmentsOf(organizationId: string): Environment[] {
    return [...this.environments.values()].filter((item) => item.organizationId === organizationId);
  }

  environmentsOfProject(projectId: number): Environment[] {
    return [...this.environments.values()].filter((item) => item.projectId === projectId);
  }

  projectsOf(organizationId: string): Project[] {
    return [...this.projects.values()].filter((item) => item.organizationId === organizationId);
  }

  /** An ID that no project or environment has or ever had. */
  nextEnvironmentId(): number {
    this.#lastId = Math.max(this.#lastId, ...this.environments.keys(), ...this.projects.keys()) + 1;
    return this.#lastId;
  }
}
