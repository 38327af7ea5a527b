import { PlainError, unsupportedMediaType } from '../errors';
import type { Reply } from '../errors';
import enums from '../enums.json';
import type { MultipartFile } from '../multipart';
import { table as present } from '../present';
import { MAX_FILE_BYTES } from '../request';
import type { Caller } from '../request';
import type { Environment } from '../state';
import type { StoredTable } from '../stored';
import { inspect, objectUrl, putObject, readObject, withoutFile } from '../warehouse/objects';
import { newTable } from '../warehouse/tables';
import { openEnvironment } from './endpoint';

/** A 400 from an upload action, outside the error envelope. */
export function refused(text: string): PlainError {
  return new PlainError(400, 'message', text);
}

/**
 * `POST …/warehouse_tables/file/`: checks in the order of API facts 2.7. The row is created before the file is stored
 * and read, so a failure leaves it behind (API facts 9.2).
 */
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
  if (features.has('object_storage_off') && state.generation === 'documented') {
    throw new PlainError(500, 'message', 'An unexpected error occurred. Please try again later.');
  }
  const row = rowNamed(caller, environment, name, format);
  if (features.has('object_storage_off')) {
    removeRow(environment, row);
    throw refused('Object storage must be available to upload files.');
  }
  if (features.has('object_storage_failing')) {
    throw refused('Failed to upload file');
  }
  const url = objectUrl(`managed/team_${environment.id}/${filename}`);
  const object = await inspect(file.content, format, filename);
  putObject(environment, url, object);
  if ('problem' in object) {
    throw refused('Failed to upload file');
  }
  row.format = format;
  readObject(row, url, object);
  state.checkColumnsLater(row);
  return { status: 201, body: present(state, row) };
}

/** The table with a name, or a new row that has no file yet. */
function rowNamed(caller: Caller, environment: Environment, name: string, format: string): StoredTable {
  const existing = environment.tables.find((item) => !item.deleted && item.name === name);
  if (existing) {
    return existing;
  }
  const { state, user } = caller;
  const fresh = newTable({ name, format, urlPattern: '', createdVia: 'api' }, [], [], user.id, state.now());
  withoutFile(fresh);
  environment.tables.unshift(fresh);
  return fresh;
}

/** Without a bucket the row is deleted, even one that existed before, unless it has a credential. */
function removeRow(environment: Environment, row: StoredTable): void {
  if (!row.credential) {
    environment.tables.splice(environment.tables.indexOf(row), 1);
  }
}

/** The file name as used in the object key. */
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
  if (!isTableName(name)) {
    throw refused(TABLE_NAME_RULE);
  }
  return { name, format, filename };
}

/** The server's message for a name that SQL would need quotes for. */
export const TABLE_NAME_RULE =
  'Table names must start with a letter or underscore and contain only alphanumeric characters or underscores.';

/** Whether the upload actions accept a table name. */
export function isTableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
