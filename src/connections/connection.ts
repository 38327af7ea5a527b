import * as v from 'valibot';

/** What a key may do, as `GET /api/personal_api_keys/@current/` says (API facts 5.1). */
const keyAccessSchema = v.object({
  /** Scope strings, `*` for everything. `null`: the server did not say, or the key predates scopes. */
  scopes: v.nullable(v.array(v.string())),
  /** Team ids the key is limited to; empty: not limited. */
  scopedTeams: v.array(v.number()),
  /** Organization ids the key is limited to; empty: not limited. */
  scopedOrganizations: v.array(v.string()),
});
export type KeyAccess = v.InferOutput<typeof keyAccessSchema>;

/** What the server turned out to be (API facts 1.10); remembered so that it is asked once. */
const serverProfileSchema = v.object({
  generation: v.picklist(['documented', 'current']),
  settingsRoute: v.picklist(['projects', 'environments', 'nested']),
  schemaActions: v.exactOptional(
    v.object({
      update_schema: v.exactOptional(v.boolean()),
      refresh_schema: v.exactOptional(v.boolean()),
    }),
  ),
  uploadRoute: v.exactOptional(v.picklist(['upload_file', 'file'])),
  webVitalsRoute: v.exactOptional(v.picklist(['projects', 'environments'])),
});

/** One PostHog host with one personal API key and a label. The key itself is never part of it. */
export const connectionSchema = v.object({
  id: v.string(),
  label: v.string(),
  /** `sandbox`: served by this extension itself, on a loopback port that is new at every start. */
  kind: v.picklist(['server', 'sandbox']),
  /** `https://host[:port]`; empty for the sandbox, whose address is known only while it runs. */
  origin: v.string(),
  access: v.exactOptional(keyAccessSchema),
  profile: v.exactOptional(serverProfileSchema),
});
export type Connection = v.InferOutput<typeof connectionSchema>;

/** The connection to a sandbox that was started beside VS Code. */
export const localSandboxId = 'local-sandbox';

/** Whether a connection is to example data on this machine. */
export const isSandbox = ({ id, kind }: Pick<Connection, 'id' | 'kind'>): boolean =>
  kind === 'sandbox' || id === localSandboxId;

/** Whether a key may use a scope. `undefined` where the server did not tell what the key may do. */
export function allowsScope(access: KeyAccess | undefined, scope: string): boolean | undefined {
  const scopes = access?.scopes;
  if (!scopes) {
    return undefined;
  }
  const [object, level] = scope.split(':');
  return (
    scopes.includes('*') ||
    scopes.includes(scope) ||
    (level === 'read' && object !== undefined && scopes.includes(`${object}:write`))
  );
}
