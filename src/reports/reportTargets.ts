import * as v from 'valibot';

const environmentRef = v.object({
  id: v.pipe(v.number(), v.safeInteger()),
  projectId: v.pipe(v.number(), v.safeInteger()),
  organizationId: v.exactOptional(v.string()),
});

/** A path in an environment, for web vitals. Everything needed to load them again, without secrets. */
const vitalsPlaceSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environment: environmentRef,
  /** The environment's name at the time it was chosen. */
  name: v.string(),
  path: v.pipe(v.string(), v.minLength(1)),
});
export type VitalsPlace = v.InferOutput<typeof vitalsPlaceSchema>;

/** One place, or two to compare. */
export const vitalsPlacesSchema = v.pipe(v.array(vitalsPlaceSchema), v.minLength(1), v.maxLength(2));

/** A warehouse table whose first rows are shown. */
export const rowsPlaceSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environment: environmentRef,
  /** The environment's name, if the caller knew it. */
  environmentName: v.exactOptional(v.string()),
  tableId: v.pipe(v.string(), v.minLength(1)),
  /** The table's name at the time it was chosen. */
  name: v.string(),
});
export type RowsPlace = v.InferOutput<typeof rowsPlaceSchema>;

/** Whether two places are the same path in the same environment. */
export function samePlace(left: VitalsPlace, right: VitalsPlace): boolean {
  return (
    left.connectionId === right.connectionId &&
    left.environment.id === right.environment.id &&
    left.path === right.path
  );
}

/** One side of a change in the history. */
export const changeSideSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environmentId: v.pipe(v.number(), v.safeInteger()),
  /** The entry's ID. */
  id: v.pipe(v.string(), v.minLength(1)),
  side: v.picklist(['from', 'to']),
  /** The title of the tab. */
  name: v.string(),
});
type ChangeSide = v.InferOutput<typeof changeSideSchema>;

/** What a read-only report shows. */
export type ReportTarget =
  | { kind: 'web-vitals'; places: readonly VitalsPlace[] }
  | { kind: 'rows'; place: RowsPlace }
  | { kind: 'change'; change: ChangeSide };
