import { restate } from './errors';
import type { PostHogError } from './errors';

/** What of a table's values a refusal is about. */
export type TableField = 'name' | 'format' | 'url_pattern' | 'access_key' | 'access_secret';

/** Sentences of the server, and what they are about (API facts 2.2, 2.7). The first that fits counts. */
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
 * The field that made the server refuse a table: by the envelope's `attr`, else by its sentence. Undefined when the
 * refusal is about none of them, such as a missing scope.
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

/** An upload's refusal in words that say what stands behind it (API facts 2.7). Others come back as they are. */
export function explainUpload(error: PostHogError): PostHogError {
  const text = error.detail ?? '';
  if (/warehouse api is not enabled/i.test(text)) {
    return restate(error, {
      what: 'This organization cannot upload files to the warehouse.',
      why: 'PostHog has not switched the feature on for it (the feature flag "warehouse-api"), as for most organizations.',
      remedy:
        'Ask PostHog to switch it on, or put the file into object storage and use "Link Table from Object Storage…".',
    });
  }
  if (/object storage must be available/i.test(text)) {
    return restate(error, {
      what: 'This server could not store the file.',
      why: 'It says that it has no object storage.',
      remedy: 'Ask whoever runs the server, or link a table from your own object storage.',
    });
  }
  if (/failed to upload file/i.test(text)) {
    return restate(error, {
      what: 'PostHog could not make a table of the file.',
      why: 'It does not say why: mostly the file cannot be read in this format, or the object storage of the server cannot be reached.',
      remedy: 'Check the format and the file, or try again.',
    });
  }
  return error;
}

/** Refusals of an upload that come before anything is made (API facts 2.7). */
const harmless =
  /warehouse api is not enabled|no file provided|invalid (?:filename|format)|table names must|file size exceeds/i;

/**
 * Whether an upload through the older action may have left something although the server refused it: it makes the
 * row of the table before it stores and reads the file (API facts 9.2).
 */
export function mayHaveLeft(error: PostHogError): boolean {
  return error.mayHaveBeenApplied || (error.kind === 'validation' && !harmless.test(error.detail ?? ''));
}
