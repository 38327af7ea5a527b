import * as v from 'valibot';

const environmentRef = v.object({
  id: v.pipe(v.number(), v.safeInteger()),
  projectId: v.pipe(v.number(), v.safeInteger()),
  organizationId: v.exactOptional(v.string()),
});

/** One path of one environment: what web vitals are asked for. Everything needed to ask again, and no secret. */
const vitalsPlaceSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environment: environmentRef,
  /** The environment's name, as it was when the place was chosen. */
  name: v.string(),
  path: v.pipe(v.string(), v.minLength(1)),
});
export type VitalsPlace = v.InferOutput<typeof vitalsPlaceSchema>;

/** One place, or two to compare. */
export const vitalsPlacesSchema = v.pipe(v.array(vitalsPlaceSchema), v.minLength(1), v.maxLength(2));

/** A warehouse table whose first rows are read. */
export const rowsPlaceSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environment: environmentRef,
  /** The environment's name, where the caller knew it. */
  environmentName: v.exactOptional(v.string()),
  tableId: v.pipe(v.string(), v.minLength(1)),
  /** The table's name, as it was when the place was chosen. */
  name: v.string(),
});
export type RowsPlace = v.InferOutput<typeof rowsPlaceSchema>;

/** Whether two places are the same path of the same environment. */
export function samePlace(left: VitalsPlace, right: VitalsPlace): boolean {
  return (
    left.connectionId === right.connectionId &&
    left.environment.id === right.environment.id &&
    left.path === right.path
  );
}

/** One side of a change that the history has. */
export const changeSideSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environmentId: v.pipe(v.number(), v.safeInteger()),
  /** Of the entry. */
  id: v.pipe(v.string(), v.minLength(1)),
  side: v.picklist(['from', 'to']),
  /** What the tab is called. */
  name: v.string(),
});
type ChangeSide = v.InferOutput<typeof changeSideSchema>;

/** What a read-only report is of. */
export type ReportTarget =
  | { kind: 'web-vitals'; places: readonly VitalsPlace[] }
  | { kind: 'rows'; place: RowsPlace }
  | { kind: 'change'; change: ChangeSide };
