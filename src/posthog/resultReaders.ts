import * as v from 'valibot';
import type { JsonValue } from '../json/json';
import type { ActivityEntry, QueryResult } from './models';
import { nothing, reader, text, userBasic } from './readers';

// Separate from the other readers, because the tree doesn't need these.
const textOrNumber = v.custom<string | number>(
  (value) => typeof value === 'string' || typeof value === 'number',
);
const textOfEither = v.pipe(textOrNumber, v.transform(String));

/** A JSON value: the result of `JSON.parse` always is one, so only `undefined` has to be rejected. */
const json = v.custom<JsonValue>((value) => value !== undefined);
const optionalJson = v.optional(json);

/** `[[name, type], …]`, or only the types in some versions. */
const queryType = v.pipe(
  json,
  v.transform((entry) => {
    const type = Array.isArray(entry) ? entry[1] : entry;
    return typeof type === 'string' ? type : '';
  }),
);

const queryResult: v.GenericSchema<unknown, QueryResult> = v.object({
  columns: v.fallback(v.array(v.string()), []),
  types: v.fallback(v.array(queryType), []),
  results: v.array(v.array(json)),
  hasMore: v.fallback(v.boolean(), false),
});

const activityEntry: v.GenericSchema<unknown, ActivityEntry> = v.pipe(
  v.object({
    id: textOfEither,
    user: nothing(userBasic),
    activity: v.string(),
    scope: v.string(),
    item_id: v.fallback(v.optional(textOfEither), undefined),
    detail: v.nullish(
      v.object({
        changes: v.nullish(
          v.array(v.object({ field: text, action: text, before: optionalJson, after: optionalJson })),
          [],
        ),
      }),
    ),
    created_at: v.string(),
    is_system: v.fallback(v.boolean(), false),
    client: text,
  }),
  v.transform(({ detail, ...entry }) => ({ ...entry, changes: detail?.changes ?? [] })),
);

/** The response to a finished query (API facts 5.4). */
export const readQueryResult = reader(queryResult);
/** An entry of the activity log (API facts 5.5). */
export const readActivityEntry = reader(activityEntry);
