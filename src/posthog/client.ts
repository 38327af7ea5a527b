import type { JsonObject } from '../json/json';
import { isPostHogError } from './errors';
import type {
  ActivityPage,
  EnvironmentBasic,
  EnvironmentDetail,
  EnvironmentRef,
  KeyInfo,
  Me,
  Organization,
  Page,
  PageRequest,
  QueryResult,
  SchemaAction,
  ServerProfile,
  WarehouseTable,
  WebVitals,
} from './models';
import { ProfileKeeper, hasCompleteSettings } from './profile';
import type { ProfileSample } from './profile';
import type { HogQLQuery } from './query';
import {
  readEnvironmentBasic,
  readEnvironmentDetail,
  readKeyInfo,
  readMe,
  readOrganization,
  readTable,
} from './readers';
import { Requester } from './request';
import type { RequesterOptions } from './request';
import { environmentPath, segment, settingsPath, tablePath } from './routes';
import type { Uploads } from './uploads';

/** What a {@link PostHogClient} needs. */
export interface ClientOptions extends RequesterOptions {
  /** What an earlier client learned about this server. */
  profile?: ServerProfile;
  /** Called when something new about the server is known, to store it with the connection. */
  onProfile?(profile: ServerProfile): void;
}

/** Reading the columns of large files takes up to half a minute and several attempts (API facts 2.6). */
const SCHEMA_TIMEOUT_MS = 120_000;

/**
 * A PostHog server as one API key sees it. Every method rejects with a `PostHogError` and nothing else, takes a
 * signal that cancels it, and detects which generation of the API the server speaks.
 */
export class PostHogClient {
  readonly #http: Requester;
  readonly #profiles: ProfileKeeper;

  constructor(options: ClientOptions) {
    this.#http = new Requester(options);
    this.#profiles = new ProfileKeeper(this.#http, options.profile, (profile) =>
      options.onProfile?.(profile),
    );
  }

  /** What is known about the server so far. */
  get profile(): ServerProfile | undefined {
    return this.#profiles.profile;
  }

  /** Probes the server (API facts 1.10). Other methods do this themselves if it's needed and hasn't been done. */
  detect(sample: ProfileSample, signal: AbortSignal): Promise<ServerProfile> {
    return this.#profiles.detect(sample, signal);
  }

  /** Forgets cached refusals so the next call retries them, for example after the server was updated. */
  forgetRefusals(): void {
    this.#profiles.forgetRefusals();
  }

  /** Whether the server allows API keys to do something to a table's columns; undefined until tried. */
  takesKeysFor(action: SchemaAction): boolean | undefined {
    return this.#profiles.takesKeysFor(action);
  }

  /** What the key can do (API facts 5.1). Servers that don't say at least confirm that the key is valid. */
  async getKeyInfo(signal: AbortSignal): Promise<KeyInfo> {
    try {
      const path = '/api/personal_api_keys/@current/';
      return await this.#http.read({ method: 'GET', path, signal }, readKeyInfo);
    } catch (error) {
      const kinds = ['not-found', 'endpoint-missing', 'forbidden', 'missing-scope', 'keys-not-supported'];
      if (!isPostHogError(error) || !kinds.includes(error.kind)) {
        throw error;
      }
    }
    const unknown = { scopes: undefined, scoped_teams: [], scoped_organizations: [] };
    try {
      const { id } = await this.getMe(signal);
      return { ...unknown, user_id: id };
    } catch (error) {
      // The server checks scopes only after it has accepted the key.
      if (isPostHogError(error) && error.kind === 'missing-scope') {
        return unknown;
      }
      throw error;
    }
  }

  /** The owner of the key (API facts 5.2). Needs `user:read`. */
  getMe(signal: AbortSignal): Promise<Me> {
    return this.#http.read({ method: 'GET', path: '/api/users/@me/', signal }, readMe);
  }

  /** Organizations that the key can access (API facts 5.3). Needs `organization:read`. */
  listOrganizations(page: PageRequest, signal: AbortSignal): Promise<Page<Organization>> {
    const path = '/api/organizations/';
    return this.#http.page({ method: 'GET', path, signal }, page, readOrganization);
  }

  /** One organization (API facts 5.3). Needs `organization:read`. */
  getOrganization(id: string, signal: AbortSignal): Promise<Organization> {
    const path = `/api/organizations/${segment(id)}/`;
    return this.#http.read({ method: 'GET', path, signal }, readOrganization);
  }

  /** Projects of an organization, or of the current one (API facts 4.1). Needs `project:read`. */
  listProjects(
    { organizationId, ...page }: PageRequest & { organizationId?: string },
    signal: AbortSignal,
  ): Promise<Page<EnvironmentBasic>> {
    const path =
      organizationId === undefined
        ? '/api/projects/'
        : `/api/organizations/${segment(organizationId)}/projects/`;
    return this.#http.page({ method: 'GET', path, signal }, page, readEnvironmentBasic);
  }

  /** Environments of a project, only on `documented` servers (API facts 0). Needs `project:read`. */
  listEnvironments(
    { projectId, ...page }: PageRequest & { projectId: number },
    signal: AbortSignal,
  ): Promise<Page<EnvironmentBasic>> {
    const path = `/api/projects/${segment(projectId)}/environments/`;
    return this.#profiles.whileThere(() =>
      this.#http.page({ method: 'GET', path, signal }, page, readEnvironmentBasic),
    );
  }

  /** All settings of an environment: one request if the server is known (API facts 4.1). */
  getEnvironment(ref: EnvironmentRef, signal: AbortSignal): Promise<EnvironmentDetail> {
    const read = (profile: ServerProfile) =>
      this.#http.read({ method: 'GET', path: settingsPath(profile, ref), signal }, readEnvironmentDetail);
    return this.#profiles.along(ref, signal, async (profile) => {
      let detail: EnvironmentDetail;
      try {
        detail = await read(profile);
      } catch (error) {
        // A key limited to environments knows their IDs, but not those of their projects.
        const isGuess = profile.settingsRoute === 'nested' && ref.id === ref.projectId;
        if (!isGuess || !isPostHogError(error) || error.kind !== 'not-found') {
          throw error;
        }
        detail = await read({ ...profile, settingsRoute: 'environments' });
      }
      if (profile.settingsRoute !== 'projects' || hasCompleteSettings(detail.raw)) {
        return detail;
      }
      const changed = await this.#profiles.redetect(ref, profile, signal);
      return changed === undefined ? detail : await read(changed);
    });
  }

  /**
   * Changes settings (API facts 4.4). The server ignores unknown keys and responds with 200: compare the response.
   *
   * @param body only what changes
   */
  patchEnvironment(ref: EnvironmentRef, body: JsonObject, signal: AbortSignal): Promise<EnvironmentDetail> {
    return this.#profiles.along(ref, signal, (profile) =>
      this.#http.read(
        { method: 'PATCH', path: settingsPath(profile, ref), body, signal },
        readEnvironmentDetail,
      ),
    );
  }

  /** Creates an environment in the project, or a project in the organization on `current` servers (API facts 4.6). */
  async createEnvironment(
    { organizationId, projectId }: { organizationId: string; projectId?: number },
    body: JsonObject,
    signal: AbortSignal,
  ): Promise<EnvironmentDetail> {
    const create = (path: string) =>
      this.#http.read({ method: 'POST', path, body, signal }, readEnvironmentDetail);
    const inOrganization = `/api/organizations/${segment(organizationId)}/projects/`;
    if (projectId === undefined) {
      return await create(inOrganization);
    }
    return await this.#profiles.along({ id: projectId, projectId }, signal, (profile) =>
      create(
        profile.generation === 'documented'
          ? `/api/projects/${segment(projectId)}/environments/`
          : inOrganization,
      ),
    );
  }

  /** Deletes an environment; on `current` servers the whole project (API facts 4.7). */
  async deleteEnvironment(ref: EnvironmentRef, signal: AbortSignal): Promise<void> {
    await this.#profiles.along(ref, signal, (profile) =>
      this.#http.send({ method: 'DELETE', path: settingsPath(profile, ref), signal }),
    );
  }

  /** A page of warehouse tables with their columns, newest first (API facts 2). */
  listTables(
    ref: EnvironmentRef,
    { search, ...page }: PageRequest & { search?: string },
    signal: AbortSignal,
  ): Promise<Page<WarehouseTable>> {
    return this.#profiles.along(ref, signal, (profile) =>
      this.#http.page(
        { method: 'GET', path: tablePath(profile, ref), query: { search }, signal },
        page,
        readTable,
      ),
    );
  }

  /** One warehouse table (API facts 2.1). */
  getTable(ref: EnvironmentRef, id: string, signal: AbortSignal): Promise<WarehouseTable> {
    return this.#profiles.along(ref, signal, (profile) =>
      this.#http.read({ method: 'GET', path: tablePath(profile, ref, id), signal }, readTable),
    );
  }

  /** Links a table from object storage (API facts 2.2). The server reads the files before it responds. */
  createTable(ref: EnvironmentRef, body: JsonObject, signal: AbortSignal): Promise<WarehouseTable> {
    const timeoutMs = SCHEMA_TIMEOUT_MS;
    return this.#profiles.along(ref, signal, (profile) =>
      this.#http.read({ method: 'POST', path: tablePath(profile, ref), body, signal, timeoutMs }, readTable),
    );
  }

  /** Changes the name, format, URL pattern, or credentials, which are merged (API facts 2.3). */
  patchTable(
    ref: EnvironmentRef,
    id: string,
    body: JsonObject,
    signal: AbortSignal,
  ): Promise<WarehouseTable> {
    return this.#profiles.along(ref, signal, (profile) =>
      this.#http.read({ method: 'PATCH', path: tablePath(profile, ref, id), body, signal }, readTable),
    );
  }

  /** Deletes a table that isn't managed by a source (API facts 2.4). */
  async deleteTable(ref: EnvironmentRef, id: string, signal: AbortSignal): Promise<void> {
    await this.#profiles.along(ref, signal, (profile) =>
      this.#http.send({ method: 'DELETE', path: tablePath(profile, ref, id), signal }),
    );
  }

  /** Makes the server read the columns from the files again (API facts 2.6). Time limit: two minutes. */
  refreshSchema(ref: EnvironmentRef, id: string, signal: AbortSignal): Promise<void> {
    return this.#schemaAction(ref, id, 'refresh_schema', {}, signal);
  }

  /**
   * Changes column types (API facts 2.5).
   *
   * @param updates column names with one of the nine lowercase types
   */
  updateSchema(
    ref: EnvironmentRef,
    id: string,
    updates: Record<string, string>,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#schemaAction(ref, id, 'update_schema', { updates }, signal);
  }

  /** Uploads files as tables (API facts 2.7, 9.2). */
  async uploads(): Promise<Uploads> {
    const { Uploads } = await import('./uploads');
    return new Uploads(this.#http, this.#profiles);
  }

  /** The web vitals of a path for the last week (API facts 3). Needs `query:read`. */
  getWebVitals(ref: EnvironmentRef, pathname: string, signal: AbortSignal): Promise<WebVitals> {
    const read = async (route: 'projects' | 'environments') => {
      const path = `/api/${route}/${segment(ref.id)}/web_vitals/`;
      const { fetchWebVitals } = await import('./webVitals');
      const vitals = await fetchWebVitals(this.#http, path, pathname, signal);
      this.#profiles.remember({ webVitalsRoute: route });
      return vitals;
    };
    return this.#profiles.along(ref, signal, async (profile) => {
      const first =
        profile.webVitalsRoute ?? (profile.generation === 'current' ? 'projects' : 'environments');
      try {
        return await read(first);
      } catch (error) {
        if (!isPostHogError(error) || error.kind !== 'endpoint-missing') {
          throw error;
        }
        return await read(first === 'projects' ? 'environments' : 'projects');
      }
    });
  }

  /** Runs HogQL and waits for the rows (API facts 5.4). Needs `query:read`. */
  query(ref: EnvironmentRef, query: HogQLQuery, signal: AbortSignal): Promise<QueryResult> {
    return this.#profiles.along(ref, signal, async (profile) => {
      const { runQuery } = await import('./query');
      return await runQuery(this.#http, environmentPath(profile, ref, 'query'), query, signal);
    });
  }

  /** Cancels a query on the server. @returns false if the server doesn't know it, or no longer does */
  cancelQuery(ref: EnvironmentRef, clientQueryId: string, signal: AbortSignal): Promise<boolean> {
    return this.#profiles.along(ref, signal, async (profile) => {
      const { cancelQuery } = await import('./query');
      const path = environmentPath(profile, ref, `query/${segment(clientQueryId)}`);
      return await cancelQuery(this.#http, path, signal);
    });
  }

  /** Changes to the settings, newest first (API facts 5.5). Needs `activity_log:read` and maybe a paid plan (402). */
  listActivityLog(
    ref: EnvironmentRef,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<ActivityPage> {
    return this.#profiles.along(ref, signal, async (profile) => {
      const { listActivity } = await import('./activity');
      return await listActivity(this.#http, profile, ref, cursor, signal);
    });
  }

  #schemaAction(
    ref: EnvironmentRef,
    id: string,
    action: SchemaAction,
    body: JsonObject,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#profiles.along(ref, signal, async (profile) => {
      const { runSchemaAction } = await import('./schemaActions');
      const path = tablePath(profile, ref, id, action);
      const learn = (taken: boolean) => this.#profiles.rememberAction(action, taken);
      const call = { method: 'POST', path, body, signal, timeoutMs: SCHEMA_TIMEOUT_MS } as const;
      await runSchemaAction(this.#http, action, call, learn);
    });
  }
}

/** Calls that change something in PostHog. Only operations make them; a lint rule lists the same names. */
type WritingCall =
  | 'patchEnvironment'
  | 'createEnvironment'
  | 'deleteEnvironment'
  | 'createTable'
  | 'patchTable'
  | 'deleteTable'
  | 'refreshSchema'
  | 'updateSchema'
  | 'uploads';

/** A client for reading and planning, without any calls that change something. */
export type ReadingClient = Omit<PostHogClient, WritingCall>;
