import * as v from 'valibot';
import { isJsonObject } from '../json/json';
import type {
  Column,
  EnvironmentBasic,
  EnvironmentDetail,
  KeyInfo,
  Me,
  Organization,
  UserBasic,
  WarehouseTable,
} from './models';

/** Converts parsed JSON to a model; undefined if it isn't one. */
export type Reader<T> = (json: unknown) => T | undefined;

// Only fields that the extension needs can make a response unreadable. Anything else may be missing or malformed.
export const text = v.fallback(v.optional(v.string()), undefined);
const number = v.fallback(v.optional(v.number()), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);
const id = v.custom<number>(Number.isSafeInteger);
const nonEmptyText = v.custom<string>((value) => typeof value === 'string' && value !== '');
export const nothing = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.nullable(schema), null);

export const userBasic: v.GenericSchema<unknown, UserBasic> = v.object({
  id: number,
  first_name: text,
  last_name: text,
  email: text,
});

const environmentBasic: v.GenericSchema<unknown, EnvironmentBasic> = v.pipe(
  v.object({
    id,
    name: v.string(),
    project_id: number,
    organization: text,
    uuid: text,
    api_token: text,
    timezone: text,
    is_demo: flag,
    is_pending_deletion: flag,
    deletion_scheduled_at: text,
  }),
  v.transform((row) => ({ ...row, project_id: row.project_id ?? row.id })),
);

const organizationBasic = v.object({ id: v.string(), name: v.string() });

const organization: v.GenericSchema<unknown, Organization> = v.object({
  id: v.string(),
  name: v.string(),
  slug: text,
  membership_level: number,
  teams: v.nullish(v.array(environmentBasic), []),
  projects: v.nullish(v.array(v.object({ id, name: v.string(), organization_id: text })), []),
});

const me: v.GenericSchema<unknown, Me> = v.object({
  id: number,
  uuid: text,
  first_name: text,
  last_name: text,
  email: text,
  organization: v.fallback(v.optional(organization), undefined),
  organizations: v.fallback(v.array(organizationBasic), []),
  team: v.fallback(v.optional(environmentBasic), undefined),
});

const keyInfo: v.GenericSchema<unknown, KeyInfo> = v.object({
  label: text,
  mask_value: text,
  user_id: number,
  scopes: v.nullable(v.array(v.string())),
  scoped_teams: v.nullish(v.array(id), []),
  scoped_organizations: v.nullish(v.array(v.string()), []),
});

const environmentExtras = v.object({
  effective_membership_level: number,
  user_access_level: text,
  updated_at: text,
});

const column: v.GenericSchema<unknown, Column> = v.object({
  name: v.string(),
  type: v.string(),
  schema_valid: v.fallback(v.boolean(), true),
});

const table = v.object({
  id: nonEmptyText,
  name: v.string(),
  format: v.string(),
  url_pattern: v.fallback(v.string(), ''),
  columns: v.nullish(v.array(v.unknown())),
  external_data_source: nothing(
    v.object({ id: v.string(), source_type: text, status: text, created_at: text }),
  ),
  // Old servers send an object with empty values if there is no schema (API facts 2.1).
  external_schema: nothing(
    v.object({
      id: nonEmptyText,
      name: text,
      should_sync: flag,
      last_synced_at: text,
    }),
  ),
  credential: nothing(v.object({ id: v.string(), created_at: text })),
  created_at: text,
  created_by: nothing(userBasic),
  hogql_name: text,
  user_access_level: text,
});

/** A reader for a schema. */
export function reader<T>(schema: v.GenericSchema<unknown, T>): Reader<T> {
  return (value) => {
    const parsed = v.safeParse(schema, value);
    return parsed.success ? parsed.output : undefined;
  };
}

/** An environment in a list (API facts 4.1). */
export const readEnvironmentBasic = reader(environmentBasic);
/** An organization (API facts 5.3). */
export const readOrganization = reader(organization);
/** The owner of the key (API facts 5.2). */
export const readMe = reader(me);
/** What a key can do (API facts 5.1). */
export const readKeyInfo = reader(keyInfo);
/** Settings of an environment (API facts 4.5). */
export const readEnvironmentDetail: Reader<EnvironmentDetail> = (value) => {
  const basic = readEnvironmentBasic(value);
  const extras = v.safeParse(environmentExtras, value);
  return basic !== undefined && extras.success && isJsonObject(value)
    ? { ...basic, ...extras.output, raw: value }
    : undefined;
};

/** A warehouse table (API facts 2.1). */
export const readTable: Reader<WarehouseTable> = (value) => {
  const parsed = v.safeParse(table, value);
  if (!parsed.success || !isJsonObject(value)) {
    return undefined;
  }
  const { items, unreadable } = readRows(parsed.output.columns ?? [], reader(column));
  return { ...parsed.output, columns: items, unreadableColumns: unreadable, raw: value };
};

/** Reads each row separately, so that a malformed one doesn't hide the others. */
export function readRows<T>(rows: readonly unknown[], read: Reader<T>): { items: T[]; unreadable: number } {
  const items = rows.map(read).filter((item) => item !== undefined);
  return { items, unreadable: rows.length - items.length };
}
