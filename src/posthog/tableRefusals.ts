import { isOurCanceled, restate } from './errors';
import type { PostHogError, Stop } from './errors';

/** The table field that a refusal refers to. */
export type TableField = 'name' | 'format' | 'url_pattern' | 'access_key' | 'access_secret';

/** The server's messages and the fields they refer to (API facts 2.2, 2.7). The first match counts. */
const sentences: readonly (readonly [RegExp, TableField])[] = [
  [/table (?:or view )?with this name|table names must/i, 'name'],
  [
    /invalid format|not in parquet format|different amount of values|read the columns from your file/i,
    'format',
  ],
  [/access[ _]?secret/i, 'access_secret'],
  [/access key|credentials are required|can't be blank|access was denied/i, 'access_key'],
  [
    /url pattern|hostname|bucket|provided file|internal storage|could not read the files|archive/i,
    'url_pattern',
  ],
];

/**
 * The field that made the server refuse a table, according to the error's `attr` or else its message. Undefined if
 * the refusal isn't about a field, for example because of a missing scope.
 */
export function refusedField(error: PostHogError): TableField | undefined {
  if (!['validation', 'conflict'].includes(error.kind)) {
    return undefined;
  }
  switch (error.attr) {
    case 'name':
    case 'format':
    case 'url_pattern':
      return error.attr;
    case 'table_name':
      return 'name';
    case 'file_format':
      return 'format';
    case 'credential__access_secret':
      return 'access_secret';
    case 'credential':
    case 'credential__access_key':
      return 'access_key';
  }
  const text = error.detail ?? '';
  return sentences.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * Explains why an upload was refused (API facts 2.7). Returns everything else unchanged. What only PostHog or an
 * administrator can change is no longer a `validation` failure, because another attempt doesn't help.
 */
export function explainUpload(error: Stop): Stop {
  if (isOurCanceled(error)) {
    return error;
  }
  const text = error.detail ?? '';
  if (/warehouse api is not enabled/i.test(text)) {
    return restate(error, {
      kind: 'forbidden',
      what: "This organization can't upload files to the warehouse.",
      why: 'PostHog hasn\'t enabled this feature for it (feature flag "warehouse-api"), as for most organizations.',
      remedy:
        'Ask PostHog to enable it, or put the file into object storage and use "Link Table from Object Storage…".',
    });
  }
  if (/object storage must be available/i.test(text)) {
    return restate(error, {
      kind: 'forbidden',
      what: "The server couldn't store the file.",
      why: 'It has no object storage.',
      remedy: "Ask the server's administrator to set it up, or link a table from your own object storage.",
    });
  }
  if (/failed to upload file/i.test(text)) {
    return restate(error, {
      what: "PostHog couldn't create a table from the file.",
      why: "It doesn't say why. Usually, the file isn't in this format, or the server can't reach its object storage.",
      remedy: 'Check the format and the file, or try again.',
    });
  }
  return error;
}

/** Refusals of an upload before anything was created (API facts 2.7). */
const harmless =
  /warehouse api is not enabled|no file provided|invalid (?:filename|format)|table names must|file size exceeds/i;

/**
 * Whether an upload through the older action may have left something behind although the server refused it: that
 * action creates the table before it stores and reads the file (API facts 9.2).
 */
export function mayHaveLeft(error: Stop): boolean {
  return error.mayHaveBeenApplied || (error.kind === 'validation' && !harmless.test(error.detail ?? ''));
}
