const maxNameLength = 128;

/**
 * Why a name cannot be given to an uploaded or linked table, or undefined when it can: letters, digits and
 * underscores, no digit first (API facts 2.7), at most 128 characters (2.1).
 */
export function tableNameProblem(name: string): string | undefined {
  if (name === '') {
    return 'A table needs a name.';
  }
  if (name.length > maxNameLength) {
    return `A table name can have at most ${maxNameLength} characters; this has ${name.length}.`;
  }
  if (/^\d/.test(name)) {
    return 'A table name must start with a letter or an underscore.';
  }
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'A table name can only have the letters A to Z, digits and underscores.';
}

/** Tables that PostHog brings along: another one of that name is not found by queries, or hides it. */
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

/** Whether PostHog has a table of this name of its own. */
export function isBuiltInTable(name: string): boolean {
  return builtInTables.has(name.trim().toLowerCase());
}

/** What a name that PATCH takes would mean for queries, or undefined when it is plain. */
export function tableNameWarning(name: string): string | undefined {
  if (isBuiltInTable(name)) {
    return `PostHog has a table "${name.trim()}" of its own: queries would not tell the two apart. Choose another name.`;
  }
  return name.trim() === '' || /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? undefined
    : 'Queries have to write this name in back-ticks. Letters, digits and underscores, no digit first, are safe.';
}

/** The name of a file without folders, leading dots and the ending of a packed file, split at its last dot. */
function split(fileName: string): { stem: string; extension: string } {
  const name = (fileName.split(/[\\/]/).at(-1) ?? '').replace(/^\.+/, '');
  const unpacked = name.replace(/\.gz$/i, '');
  const dot = unpacked.lastIndexOf('.');
  return dot < 0
    ? { stem: unpacked, extension: '' }
    : { stem: unpacked.slice(0, dot), extension: unpacked.slice(dot + 1).toLowerCase() };
}

/**
 * A table name that PostHog takes and does not use itself, made from a file's name: `2024 orders.csv` →
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

/** The table format that a file's extension tells (API facts 2.7), or undefined when it tells none. */
export function detectFormat(fileName: string): string | undefined {
  const { extension } = split(fileName);
  return Object.hasOwn(formats, extension) ? formats[extension] : undefined;
}
