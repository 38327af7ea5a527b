import type { JsonObject, JsonValue } from './json';
import type { RefreshBehavior } from './types';

export interface StoredColumn {
  name: string;
  /** Declared type. */
  type: string;
  /** The type of the data in the files. */
  dataType: string;
  valid: boolean;
}

export interface StoredCredential {
  id: string;
  createdById: number | null;
  createdAt: string;
  access_key: string;
  access_secret: string;
}

export interface StoredTable {
  id: string;
  name: string;
  hogqlName: string;
  format: string;
  urlPattern: string;
  /** Where the columns were read from: a PATCH of the URL doesn't read them again (API facts 2.3). */
  readFrom: string;
  /** Queried in place by its source, so there are no files to refresh (API facts 2.6). */
  directQuery: boolean;
  deleted: boolean | null;
  createdById: number | null;
  createdAt: string;
  createdVia: string | null;
  credential: StoredCredential | null;
  columns: StoredColumn[];
  rows: JsonValue[][];
  source: JsonObject | null;
  schema: JsonObject | null;
  options: JsonObject;
  /** Why its files can't be read, which queries and refreshes then fail with; null if they can. */
  problem: string | null;
  refresh: RefreshBehavior;
  /** Descriptions written by people, by column name; '' is the table itself. */
  descriptions: Map<string, StoredDescription>;
}

export interface StoredDescription {
  id: string;
  text: string;
  createdAt: string;
  updatedAt: string;
}
