import * as v from 'valibot';
import type { Connection } from './connection';

/** What this computer remembers about environments, by connection and environment. */
export const storedMarks = v.record(
  v.string(),
  v.object({
    name: v.exactOptional(v.string()),
    organization: v.exactOptional(v.string()),
    protect: v.exactOptional(v.boolean()),
    readOnly: v.exactOptional(v.boolean()),
  }),
);
export type StoredMarks = v.InferOutput<typeof storedMarks>;

/** The parts of a connection that matter to marks. */
export type MarkedConnection = Pick<Connection, 'id' | 'kind' | 'origin'>;

/** What the user marks. */
export type Mark = { readonly protect: boolean } | { readonly readOnly: boolean };
