import { PlainError, unsupportedMediaType } from '../errors';
import type { Reply } from '../errors';
import enums from '../enums.json';
import type { MultipartFile } from '../multipart';
import { table as present } from '../present';
import type { JsonObject } from '../json';
import { MAX_FILE_BYTES } from '../request';
import type { Caller } from '../request';
import type { Environment } from '../state';
import { parseFile } from '../warehouse/files';
import { freshColumns } from '../warehouse/columns';
import { newTable } from '../warehouse/tables';
import { OBJECT_STORAGE_HOST } from '../warehouse/urlRules';
import { openEnvironment } from './endpoint';

function refused(text: string): PlainError {
  return new PlainError(400, 'message', text);
}

/** `POST …/warehouse_tables/file/`: the checks in the order of API facts 2.7. */
export async function uploadFile(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'warehouse_table:write', 'editor');
  const { state, request } = caller;
  const { features } = state.organization(environment.organizationId);
  const contentType = request.header('content-type') ?? '';
  const isMultipart = contentType.toLowerCase().startsWith('multipart/form-data');
  const parts = isMultipart ? await request.multipart() : undefined;
  if (!features.has('warehouse_api')) {
    throw refused('Warehouse API is not enabled for this organization');
  }
  if (!parts && contentType !== '') {
    throw unsupportedMediaType(contentType);
  }
  const file = parts?.files.find((item) => item.field === 'file');
  if (!parts || !file) {
    throw refused('No file provided');
  }
  const { name, format, filename } = readParts(caller, parts.fields, file);
  if (file.sizeBytes > MAX_FILE_BYTES) {
    throw refused('File size exceeds maximum allowed size of 50MB');
  }
  if (features.has('object_storage_off')) {
    if (state.generation === 'documented') {
      throw new PlainError(500, 'message', 'An unexpected error occurred. Please try again later.');
    }
    throw refused('Object storage must be available to upload files.');
  }
  return {
    status: 201,
    body: await storeFile(caller, environment, { name, format, filename, content: file.content }),
  };
}

/** Keeps a file as the object of a table. The table of that name is overwritten (API facts 2.7). */
export async function storeFile(
  caller: Caller,
  environment: Environment,
  file: { name: string; format: string; filename: string; content: Buffer },
): Promise<JsonObject> {
  const { state, user } = caller;
  const { name, format } = file;
  const { columns, rows } = await parseFile(file.content, format);
  const urlPattern = `https://${OBJECT_STORAGE_HOST}/managed/team_${environment.id}/${file.filename}`;
  for (const other of environment.tables) {
    if (!other.deleted && other.urlPattern === urlPattern && other.name !== name) {
      // The object is shared, so another table that reads it now reads the new content.
      other.rows = rows;
      other.refresh = { ...other.refresh, columns };
    }
  }
  const existing = environment.tables.find((item) => !item.deleted && item.name === name);
  if (existing) {
    Object.assign(existing, {
      format,
      urlPattern,
      readFrom: urlPattern,
      rows,
      columns: freshColumns(columns),
      credential: null,
    });
    return present(state, existing);
  }
  const fresh = newTable(
    { name, format, urlPattern, createdVia: 'api' },
    columns,
    rows,
    user.id,
    state.now(),
  );
  environment.tables.unshift(fresh);
  return present(state, fresh);
}

/** The name as it becomes part of the object key. */
export function cleanFilename(name: string): string {
  return name.replace(/^.*[\\/]/, '').replace(/[^A-Za-z0-9._-]/g, '_');
}

function readParts(
  caller: Caller,
  fields: Record<string, string>,
  file: MultipartFile,
): { name: string; format: string; filename: string } {
  const filename = cleanFilename(file.filename);
  if (filename === '' || filename.startsWith('.')) {
    throw refused('Invalid filename');
  }
  const format = fields.format ?? 'CSVWithNames';
  if (!enums.warehouse_table_format.includes(format) && caller.state.generation === 'current') {
    throw refused(`Invalid format. Must be one of: ${[...enums.warehouse_table_format].sort().join(', ')}`);
  }
  const name = fields.name ?? file.filename;
  checkTableName(name);
  return { name, format, filename };
}

/** @throws 400 for a name that SQL could not use unquoted */
export function checkTableName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw refused(
      'Table names must start with a letter or underscore and contain only alphanumeric characters or underscores.',
    );
  }
}
