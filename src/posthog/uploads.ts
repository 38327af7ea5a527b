import { isJsonObject } from '../json/json';
import { isPostHogError } from './errors';
import type { EnvironmentRef, ServerProfile, UploadRoute, WarehouseTable } from './models';
import { multipartBody, type FileUpload } from './multipart';
import type { ProfileKeeper } from './profile';
import { readTable } from './readers';
import type { ApiCall, Requester } from './request';
import { tablePath } from './routes';

/** Reading the columns of large files takes up to half a minute and several tries (API facts 2.6). */
const CREATE_TIMEOUT_MS = 120_000;
/** 50 MB over a slow line. */
const UPLOAD_TIMEOUT_MS = 15 * 60_000;

/** The formats of the two newer steps; anything else only the older action takes (API facts 9.2). */
const fileFormats: Readonly<Record<string, string>> = {
  CSVWithNames: 'csv',
  JSONEachRow: 'json',
  Parquet: 'parquet',
};

/** A file that the server keeps and that is no table yet. */
export interface StoredFile {
  uploadId: string;
  /** As the server has cleaned it. */
  fileName: string;
  fileFormat: string;
}

/** Uploads files: in two steps where the server has them, else with the older action (API facts 2.7, 9.2). */
export class Uploads {
  readonly #http: Requester;
  readonly #profiles: ProfileKeeper;

  constructor(http: Requester, profiles: ProfileKeeper) {
    this.#http = http;
    this.#profiles = profiles;
  }

  /** Whether the two newer steps take files of a format. */
  takes(format: string): boolean {
    return Object.hasOwn(fileFormats, format);
  }

  /**
   * How the server takes files. It is asked once, with a form that has no file: nothing comes of that, and a file
   * of 50 MB is not sent twice.
   */
  route(ref: EnvironmentRef, signal: AbortSignal): Promise<UploadRoute> {
    return this.#profiles.along(ref, signal, async (profile) => {
      if (profile.uploadRoute !== undefined) {
        return profile.uploadRoute;
      }
      const path = `${tablePath(profile, ref)}upload_file/`;
      const uploadRoute = await this.#isThere({ method: 'POST', path, readsOnly: true, signal });
      this.#profiles.remember({ uploadRoute });
      return uploadRoute;
    });
  }

  /**
   * The first of the two steps: the server keeps the file, and no table has changed yet.
   *
   * @param upload its name is not used
   * @param onProgress bytes of the file handed to the connection so far.
   */
  store(
    ref: EnvironmentRef,
    upload: FileUpload,
    onProgress: (sentBytes: number) => void,
    signal: AbortSignal,
  ): Promise<StoredFile> {
    return this.#whileThere(ref, signal, (profile) => {
      const path = `${tablePath(profile, ref)}upload_file/`;
      const fileFormat = fileFormats[upload.format] ?? upload.format;
      const stream = multipartBody(upload, { file_format: fileFormat }, onProgress);
      const call = { method: 'POST' as const, path, stream, signal, timeoutMs: UPLOAD_TIMEOUT_MS };
      return this.#http.read(call, (json) =>
        isJsonObject(json) && typeof json.upload_id === 'string' && typeof json.filename === 'string'
          ? { uploadId: json.upload_id, fileName: json.filename, fileFormat }
          : undefined,
      );
    });
  }

  /** The second step: makes a table of a stored file. A name that is taken is refused, never overwritten. */
  create(
    ref: EnvironmentRef,
    { uploadId, fileName, fileFormat }: StoredFile,
    name: string,
    signal: AbortSignal,
  ): Promise<WarehouseTable> {
    return this.#whileThere(ref, signal, (profile) => {
      const path = `${tablePath(profile, ref)}create_from_upload/`;
      const body = { upload_id: uploadId, filename: fileName, file_format: fileFormat, table_name: name };
      const call = { method: 'POST' as const, path, body, signal, timeoutMs: CREATE_TIMEOUT_MS };
      return this.#http.read(call, readTable);
    });
  }

  /**
   * The older action (API facts 2.7). A table of the same name is overwritten, and so is the stored file of any table
   * that was uploaded under the same file name: ask first.
   *
   * @param onProgress bytes of the file handed to the connection so far.
   * @returns the table; undefined from servers that answer without a body.
   */
  file(
    ref: EnvironmentRef,
    upload: FileUpload,
    onProgress: (sentBytes: number) => void,
    signal: AbortSignal,
  ): Promise<WarehouseTable | undefined> {
    return this.#profiles.along(ref, signal, async (profile) => {
      const path = `${tablePath(profile, ref)}file/`;
      const stream = multipartBody(upload, { name: upload.name, format: upload.format }, onProgress);
      const call = { method: 'POST' as const, path, stream, signal, timeoutMs: UPLOAD_TIMEOUT_MS };
      const { status, json } = await this.#http.send(call);
      const table = readTable(json);
      if (table === undefined && json !== undefined) {
        throw this.#http.unexpected(call, status, 'The answer is not a table.');
      }
      return table;
    });
  }

  /** A server that was set back to a version without the two steps is remembered as one with the older action. */
  async #whileThere<T>(
    ref: EnvironmentRef,
    signal: AbortSignal,
    run: (profile: ServerProfile) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#profiles.along(ref, signal, run);
    } catch (error) {
      if (isPostHogError(error) && error.kind === 'endpoint-missing') {
        this.#profiles.remember({ uploadRoute: 'file' });
      }
      throw error;
    }
  }

  /** Servers without the route take its name for a table's id, to which nothing can be posted. */
  async #isThere(call: ApiCall): Promise<UploadRoute> {
    try {
      await this.#http.send(call);
      return 'upload_file';
    } catch (error) {
      if (!isPostHogError(error)) {
        throw error;
      }
      if (['endpoint-missing', 'not-found', 'keys-not-supported'].includes(error.kind)) {
        return 'file';
      }
      // Refused for what it lacks: the file, or a form at all.
      if (['validation', 'unsupported-media-type', 'too-large'].includes(error.kind)) {
        return 'upload_file';
      }
      throw error;
    }
  }
}
