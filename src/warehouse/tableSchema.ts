import type { JsonObject } from '../json/json';
import { draft } from '../settings/jsonSchema';
import { tableFields } from './tableFields';

/** The JSON schema of a table document. */
export function tableJsonSchema(): JsonObject {
  return {
    $schema: draft,
    title: 'PostHog warehouse table',
    properties: Object.fromEntries(tableFields.map(({ key, schema }) => [key, schema])),
  };
}
