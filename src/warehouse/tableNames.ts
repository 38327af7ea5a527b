/** The longest name of a table (API facts 2.1). */
export const maxNameLength = 128;

/**
 * Why an uploaded or linked table can't have a name, or undefined if it can: letters, digits, and underscores, no
 * leading digit (API facts 2.7), up to 128 characters (API facts 2.1).
 */
export function tableNameProblem(name: string): string | undefined {
  if (name === '') {
    return 'Enter a name for the table.';
  }
  if (name.length > maxNameLength) {
    return `A table name can have up to ${maxNameLength} characters, not ${name.length}.`;
  }
  if (/^\d/.test(name)) {
    return 'A table name must start with a letter or an underscore.';
  }
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'A table name can only contain the letters A to Z, digits, and underscores.';
}

/** PostHog's built-in tables. Queries can't tell a table of the same name apart from them. */
const builtInTables: ReadonlySet<string> = new Set([
  'ai_events',
  'app_metrics',
  'channel_definition',
  'cohort_people',
  'events',
  'exchange_rate',
  'groups',
  'heatmaps',
  'log_entries',
  'logs',
  'numbers',
  'person_distinct_id_overrides',
  'person_distinct_ids',
  'persons',
  'query_log',
  'raw_cohort_people',
  'raw_groups',
  'raw_person_distinct_ids',
  'raw_persons',
  'raw_session_replay_events',
  'raw_sessions',
  'session_replay_events',
  'sessions',
  'static_cohort_people',
  'system',
]);

/** Whether PostHog has a built-in table of this name. */
export function isBuiltInTable(name: string): boolean {
  return builtInTables.has(name.trim().toLowerCase());
}

/** What a name that PATCH accepts means for queries, or undefined if it's safe. */
export function tableNameWarning(name: string): string | undefined {
  if (isBuiltInTable(name)) {
    return `PostHog has a built-in table "${name.trim()}", and queries can't tell the two apart. Choose another name.`;
  }
  return name.trim() === '' || /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'Queries must put this name in backticks. Letters, digits, and underscores are safe, with no leading digit.';
}

/** A file name without folders, leading dots, and `.gz`, split at its last dot. */
function split(fileName: string): { stem: string; extension: string } {
  const name = (fileName.split(/[\\/]/).at(-1) ?? '').replace(/^\.+/, '');
  const unpacked = name.replace(/\.gz$/i, '');
  const dot = unpacked.lastIndexOf('.');
  return dot < 0
    ? { stem: unpacked, extension: '' }
    : { stem: unpacked.slice(0, dot), extension: unpacked.slice(dot + 1).toLowerCase() };
}

/**
 * A table name, based on a file name, that PostHog accepts and doesn't use itself: `2024 orders.csv` →
 * `_2024_orders`, `events.csv` → `uploaded_events`.
 */
export function proposeTableName(fileName: string): string {
  const name = split(fileName)
    .stem.normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const proposal = (/^\d/.test(name) ? `_${name}` : name || 'table').slice(0, maxNameLength);
  return isBuiltInTable(proposal) ? `uploaded_${proposal}` : proposal;
}

const formats: Readonly<Record<string, string>> = {
  csv: 'CSVWithNames',
  parquet: 'Parquet',
  json: 'JSONEachRow',
  jsonl: 'JSONEachRow',
  ndjson: 'JSONEachRow',
};

/** The table format of a file extension (API facts 2.7), or undefined if it's unknown. */
export function detectFormat(fileName: string): string | undefined {
  const { extension } = split(fileName);
  return Object.hasOwn(formats, extension) ? formats[extension] : undefined;
}
