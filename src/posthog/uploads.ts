import { isJsonObject } from '../json/json';
import { isPostHogError } from './errors';
import type { EnvironmentRef, ServerProfile, UploadRoute, WarehouseTable } from './models';
import { multipartBody, type FileUpload } from './multipart';
import type { ProfileKeeper } from './profile';
import { readTable } from './readers';
import type { ApiCall, Requester } from './request';
import { tablePath } from './routes';

/** Reading the columns of large files takes up to half a minute and several attempts (API facts 2.6). */
const CREATE_TIMEOUT_MS = 120_000;
/** 50 MB over a slow connection. */
const UPLOAD_TIMEOUT_MS = 15 * 60_000;

/** The formats for uploads in two steps. Only the older action accepts others (API facts 9.2). */
const fileFormats: Readonly<Record<string, string>> = {
  CSVWithNames: 'csv',
  JSONEachRow: 'json',
  Parquet: 'parquet',
};

/** A file that the server has stored, but that isn't a table yet. */
export interface StoredFile {
  uploadId: string;
  /** As cleaned by the server. */
  fileName: string;
  fileFormat: string;
}

/** Uploads files: in two steps if the server supports them, or else with the older action (API facts 2.7, 9.2). */
export class Uploads {
  readonly #http: Requester;
  readonly #profiles: ProfileKeeper;

  constructor(http: Requester, profiles: ProfileKeeper) {
    this.#http = http;
    this.#profiles = profiles;
  }

  /** Whether files in a format can be uploaded in two steps. */
  takes(format: string): boolean {
    return Object.hasOwn(fileFormats, format);
  }

  /**
   * How the server accepts files. It's asked once, with a form without a file: that changes nothing, and a file of 50
   * MB is never sent twice.
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
   * The first step: the server stores the file. No table changes yet.
   *
   * @param upload its name isn't used
   * @param onProgress called with the bytes of the file handed to the connection so far
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

  /** The second step: creates a table from a stored file. An existing name is refused, never overwritten. */
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
   * The older action (API facts 2.7). It overwrites a table with the same name, and the stored file of any table that
   * was uploaded with the same file name: ask first.
   *
   * @param onProgress called with the bytes of the file handed to the connection so far
   * @returns the table; undefined from servers that respond without a body
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
        throw this.#http.unexpected(call, status, "It isn't a table.");
      }
      return table;
    });
  }

  /** If the server was downgraded to a version without the two steps, remembers to use the older action. */
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

  /** Servers without the route take its name for the ID of a table, which doesn't accept a POST. */
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
      // Refused because the file, or the whole form, is missing.
      if (['validation', 'unsupported-media-type', 'too-large'].includes(error.kind)) {
        return 'upload_file';
      }
      throw error;
    }
  }
}
