const written = (done: string, isAll: boolean, table?: string): string => {
  const start = isAll ? done : `Partly ${done.toLowerCase()}`;
  return table === undefined ? `${start} to` : `${start} ${table} in`;
};

/** What receipts say was done, before the name of the environment: `Saved to`, `Linked orders in`. */
export const receiptOf = {
  /** @param isAll whether PostHog applied everything; a save of a table has its name */
  save: (isAll: boolean, table?: string): string => written('Saved', isAll, table),
  copy: (isAll: boolean): string => written('Copied', isAll),
  apply: (isAll: boolean): string => written('Applied', isAll),
  undo: (table?: string): string => `Undid a change ${table === undefined ? 'in' : `to ${table} in`}`,
  restore: (table?: string): string => `Restored a change ${table === undefined ? 'in' : `to ${table} in`}`,
  create: 'Created',
  rename: (old: string): string => `Renamed ${old} to`,
  delete: 'Started deleting',
  renameTable: (old: string, now: string): string => `Renamed ${old} to ${now} in`,
  retype: (table: string): string => `Changed column types of ${table} in`,
  link: (table: string): string => `Linked ${table} in`,
  upload: (file: string, table: string): string => `Uploaded ${file} as ${table} to`,
  refresh: (table: string): string => `Refreshed the schema of ${table} in`,
  credentials: (table: string): string => `Replaced the storage credentials of ${table} in`,
  deleteTable: (table: string): string => `Deleted ${table} in`,
} as const;
