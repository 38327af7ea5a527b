import { PlainError, invalid, unsupportedMediaType } from '../errors';
import type { Reply } from '../errors';
import { choice, text } from '../fields/primitives';
import type { FieldContext } from '../fields/context';
import { newUuid } from '../ids';
import { textOf } from '../json';
import type { JsonObject } from '../json';
import { table as present } from '../present';
import { MAX_FILE_BYTES, objectBody } from '../request';
import type { Caller } from '../request';
import type { Environment } from '../state';
import { inspect, objectUrl, putObject } from '../warehouse/objects';
import { isTakenName, newTable, NAME_TAKEN } from '../warehouse/tables';
import { openEnvironment } from './endpoint';
import { fieldContext } from './settings';
import { cleanFilename, isTableName, refused, TABLE_NAME_RULE } from './upload';

/** How each format is read, and the server's message for an unreadable file. */
const FORMATS: Readonly<Record<string, { format: string; hint: string }>> = {
  csv: {
    format: 'CSVWithNames',
    hint: "Make sure it's a comma-separated CSV with a header row and the same number of columns in every row.",
  },
  json: {
    format: 'JSONEachRow',
    hint: "Make sure it's newline-delimited JSON, with one object per line rather than a single array.",
  },
  parquet: { format: 'Parquet', hint: "Make sure it's a valid Parquet file." },
};

/** Maximum size of a whole body: the file plus some room for the rest of the form. */
const MAX_UPLOAD_BODY_BYTES = MAX_FILE_BYTES + 1024 * 1024;
const MAX_FILENAME_LENGTH = 255;
const OTHER_WAY = 'For larger files, connect the bucket they live in as a self-managed source instead.';
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** `POST …/upload_file/`: the first of the two newer steps. A failure leaves nothing behind (API facts 9.2). */
export async function uploadForLater(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'warehouse_table:write', 'editor');
  const { request, state } = caller;
  const { features } = state.organization(environment.organizationId);
  const contentType = request.header('content-type') ?? '';
  const isForm = /^(?:multipart\/form-data|application\/x-www-form-urlencoded)/i.test(contentType);
  const parts = isForm ? await request.multipart() : undefined;
  if (features.has('object_storage_off')) {
    throw refused('Object storage must be available to upload files.');
  }
  if (Number(request.header('content-length') ?? 0) > MAX_UPLOAD_BODY_BYTES) {
    throw new PlainError(413, 'message', `Upload exceeds the maximum of 50MB. ${OTHER_WAY}`);
  }
  if (!isForm && contentType !== '') {
    throw unsupportedMediaType(contentType);
  }
  const file = parts?.files.find((item) => item.field === 'file');
  if (!parts || !file) {
    throw refused('No file provided');
  }
  if (parts.files.length > 1) {
    throw refused('Upload one file per request.');
  }
  const fileFormat = parts.fields.file_format ?? '';
  if (!Object.hasOwn(FORMATS, fileFormat)) {
    throw refused(`Invalid format. Must be one of: ${Object.keys(FORMATS).join(', ')}`);
  }
  if (file.sizeBytes > MAX_FILE_BYTES) {
    throw refused(`File size exceeds the maximum of 50MB. ${OTHER_WAY}`);
  }
  const filename = cleanFilename(file.filename);
  if (filename === '' || filename.startsWith('.')) {
    throw refused('Invalid filename');
  }
  if (filename.length > MAX_FILENAME_LENGTH) {
    throw refused(`Filename must be at most ${MAX_FILENAME_LENGTH} characters.`);
  }
  if (features.has('object_storage_failing')) {
    throw refused('Failed to upload file');
  }
  const uploadId = newUuid();
  environment.uploads.set(uploadId, { filename, content: file.content });
  const body: JsonObject = {
    upload_id: uploadId,
    filename,
    file_format: fileFormat,
    size_bytes: file.sizeBytes,
  };
  return { status: 201, body };
}

/** `POST …/create_from_upload/`: the second step. Several tables can share one upload (API facts 9.2). */
export async function createFromUpload(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'warehouse_table:write', 'editor');
  const { state, user } = caller;
  if (state.organization(environment.organizationId).features.has('object_storage_off')) {
    throw refused('Object storage must be available to create a table from a file.');
  }
  const body = await objectBody(caller.request);
  const wanted = readWanted(body, fieldContext(state, environment));
  if (isTakenName(environment, wanted.name)) {
    throw refused(NAME_TAKEN);
  }
  const content = uploadedContent(environment, wanted.uploadId, wanted.filename);
  const object = await inspect(content, wanted.format, wanted.filename);
  if ('problem' in object) {
    throw refused(`Couldn't read the columns from your file. ${wanted.hint}`);
  }
  const url = objectUrl(`file_uploads/team_${environment.id}/${wanted.uploadId}/${wanted.filename}`);
  const table = newTable(
    { name: wanted.name, format: wanted.format, urlPattern: url, createdVia: 'api' },
    object.columns,
    object.rows,
    user.id,
    state.now(),
  );
  putObject(environment, url, object);
  environment.tables.unshift(table);
  state.checkColumnsLater(table);
  return { status: 201, body: present(state, table) };
}

interface Wanted {
  uploadId: string;
  filename: string;
  format: string;
  hint: string;
  name: string;
}

/** Reads the body field by field and reports the first error. */
function readWanted(body: JsonObject, context: FieldContext): Wanted {
  const uploadId = requiredValue(body, 'upload_id');
  if (typeof uploadId !== 'string' || !UUID.test(uploadId)) {
    throw invalid('Must be a valid UUID.', 'upload_id');
  }
  const filename = textOf(text()(requiredValue(body, 'filename'), 'filename', context));
  const formats = Object.keys(FORMATS);
  const fileFormat = textOf(choice(formats)(requiredValue(body, 'file_format'), 'file_format', context));
  const name = textOf(text()(requiredValue(body, 'table_name'), 'table_name', context));
  if (!isTableName(name)) {
    throw invalid(TABLE_NAME_RULE, 'table_name');
  }
  const { format = '', hint = '' } = FORMATS[fileFormat] ?? {};
  return { uploadId: uploadId.toLowerCase(), filename, format, hint, name };
}

function requiredValue(body: JsonObject, name: string): NonNullable<JsonObject[string]> {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (value === undefined) {
    throw invalid('This field is required.', name, 'required');
  }
  if (value === null) {
    throw invalid('This field may not be null.', name, 'null');
  }
  return value;
}

/** The file of an upload. The name is part of its address, so it must match too. */
function uploadedContent(environment: Environment, uploadId: string, filename: string): Buffer {
  const upload = environment.uploads.get(uploadId);
  if (upload?.filename !== filename) {
    throw refused('Uploaded file not found. Please upload the file again.');
  }
  return upload.content;
}
