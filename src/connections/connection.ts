import * as v from 'valibot';

/** What a key can do, as `GET /api/personal_api_keys/@current/` returns it (API facts 5.1). */
const keyAccessSchema = v.object({
  /** Scope strings; `*` is everything. `null` if the server didn't say, or the key predates scopes. */
  scopes: v.nullable(v.array(v.string())),
  /** IDs of the teams the key is limited to; empty if it isn't limited. */
  scopedTeams: v.array(v.number()),
  /** IDs of the organizations the key is limited to; empty if it isn't limited. */
  scopedOrganizations: v.array(v.string()),
});
export type KeyAccess = v.InferOutput<typeof keyAccessSchema>;

/** What the server turned out to be (API facts 1.10); remembered, so that it is only asked once. */
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

/** A PostHog host with a personal API key and a label. The key itself is never part of it. */
export const connectionSchema = v.object({
  id: v.string(),
  label: v.string(),
  /** `sandbox`: served by this extension on a loopback port that changes every time it starts. */
  kind: v.picklist(['server', 'sandbox']),
  /** `https://host[:port]`; empty for the sandbox, whose address is only known while it runs. */
  origin: v.string(),
  access: v.exactOptional(keyAccessSchema),
  profile: v.exactOptional(serverProfileSchema),
});
export type Connection = v.InferOutput<typeof connectionSchema>;

/** The connection to a sandbox that was started next to VS Code. */
export const localSandboxId = 'local-sandbox';

/** Whether a connection has example data on this computer. */
export const isSandbox = ({ id, kind }: Pick<Connection, 'id' | 'kind'>): boolean =>
  kind === 'sandbox' || id === localSandboxId;

/** Whether a key has a scope. `undefined` if the server doesn't return a key's scopes. */
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
