import { ApiError, PlainError, invalid, notFound, unsupportedMediaType } from '../errors';
import type { Reply } from '../errors';
import { newUuid } from '../ids';
import type { JsonObject } from '../json';
import { MAX_FILE_BYTES, objectBody } from '../request';
import type { Caller } from '../request';
import { openEnvironment } from './endpoint';
import { checkTableName, cleanFilename, storeFile } from './upload';

const FORMATS: Record<string, string> = { csv: 'CSVWithNames', json: 'JSONEachRow', parquet: 'Parquet' };

function formatOf(fileFormat: unknown): string {
  const format =
    typeof fileFormat === 'string' && Object.hasOwn(FORMATS, fileFormat) ? FORMATS[fileFormat] : undefined;
  if (format === undefined) {
    throw new PlainError(
      400,
      'message',
      `Invalid format. Must be one of: ${Object.keys(FORMATS).join(', ')}`,
    );
  }
  return format;
}

/** `POST …/upload_file/`: the first of the two newer steps (API facts 2.7). */
export async function uploadForLater(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'warehouse_table:write', 'editor');
  const { request } = caller;
  const contentType = request.header('content-type') ?? '';
  const parts = contentType.toLowerCase().startsWith('multipart/form-data')
    ? await request.multipart()
    : undefined;
  if (!parts) {
    throw unsupportedMediaType(contentType);
  }
  const [file, second] = parts.files;
  if (!file) {
    throw new PlainError(400, 'message', 'No file provided');
  }
  if (second) {
    throw new PlainError(400, 'message', 'Upload one file per request.');
  }
  if (file.sizeBytes > MAX_FILE_BYTES) {
    throw new ApiError(413, 'server_error', 'error', 'File size exceeds maximum allowed size of 50MB');
  }
  formatOf(parts.fields.file_format);
  const filename = cleanFilename(file.filename);
  const uploadId = newUuid();
  const fileFormat = parts.fields.file_format ?? '';
  environment.uploads.set(uploadId, { filename, fileFormat, content: file.content });
  const body: JsonObject = {
    upload_id: uploadId,
    filename,
    file_format: fileFormat,
    size_bytes: file.sizeBytes,
  };
  return { status: 201, body };
}

/** `POST …/create_from_upload/`: the second step. */
export async function createFromUpload(caller: Caller): Promise<Reply> {
  const environment = openEnvironment(caller, 'warehouse_table:write', 'editor');
  const body = await objectBody(caller.request);
  const [uploadId, , fileFormat, name] = ['upload_id', 'filename', 'file_format', 'table_name'].map((field) =>
    requiredText(body, field),
  );
  const upload = environment.uploads.get(uploadId ?? '');
  if (!upload || uploadId === undefined || name === undefined) {
    throw notFound();
  }
  const format = formatOf(fileFormat);
  checkTableName(name);
  environment.uploads.delete(uploadId);
  return {
    status: 201,
    body: await storeFile(caller, environment, {
      name,
      format,
      filename: upload.filename,
      content: upload.content,
    }),
  };
}

function requiredText(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') {
    throw invalid('This field is required.', name, 'required');
  }
  return value;
}
