import { changeFileJsonSchema } from '../../operations/settingsFile/changeFileSchema';
import { settingsFileJsonSchema } from '../../operations/settingsFile/schema';
import type { JsonObject } from '../../json/json';
import { createEnvironmentJsonSchema, settingsJsonSchema } from '../../settings/jsonSchema';
import { tableJsonSchema } from '../../warehouse/tableSchema';

const schemas: Readonly<Record<string, () => JsonObject>> = {
  '/settings.json': settingsJsonSchema,
  '/new-environment.json': createEnvironmentJsonSchema,
  '/settings-file.json': settingsFileJsonSchema,
  '/change.json': changeFileJsonSchema,
  '/table.json': tableJsonSchema,
};

/** The text of a JSON schema, by its path. */
export const schemaText = (path: string): string => JSON.stringify(schemas[path]?.() ?? {});
