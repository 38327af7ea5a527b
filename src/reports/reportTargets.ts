import * as v from 'valibot';

const environmentRef = v.object({
  id: v.pipe(v.number(), v.safeInteger()),
  projectId: v.pipe(v.number(), v.safeInteger()),
  organizationId: v.exactOptional(v.string()),
});

/** The name of the organization, if the caller knew it: after a reload, the directory doesn't yet. */
const organization = v.exactOptional(v.string());

/** A path in an environment, for web vitals. Everything needed to load them again, without secrets. */
const vitalsPlaceSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environment: environmentRef,
  /** The environment's name at the time it was chosen. */
  name: v.string(),
  organization,
  path: v.pipe(v.string(), v.minLength(1)),
});
export type VitalsPlace = v.InferOutput<typeof vitalsPlaceSchema>;

/** One place, or two to compare. */
export const vitalsPlacesSchema = v.pipe(
  v.array(vitalsPlaceSchema),
  v.check(({ length }) => length === 1 || length === 2),
);

/** A warehouse table whose first rows are shown. */
export const rowsPlaceSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environment: environmentRef,
  /** The environment's name, if the caller knew it. */
  environmentName: v.exactOptional(v.string()),
  organization,
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
  /** Absent in tabs of earlier versions. */
  environmentName: v.exactOptional(v.string()),
  organization,
  /** The entry's ID. */
  id: v.pipe(v.string(), v.minLength(1)),
  side: v.picklist(['from', 'to']),
  /** The title of the tab. */
  name: v.string(),
});
type ChangeSide = v.InferOutput<typeof changeSideSchema>;

/** An environment in a comparison. */
export const comparedPlaceSchema = v.object({
  connectionId: v.pipe(v.string(), v.minLength(1)),
  environment: environmentRef,
  /** The environment's name at the time it was chosen. */
  name: v.string(),
  organization,
});
export type ComparedPlace = v.InferOutput<typeof comparedPlaceSchema>;

/** Whether the same environments are compared, in the same order. */
export const samePlaces = (left: readonly ComparedPlace[], right: readonly ComparedPlace[]): boolean =>
  comparedKey(left) === comparedKey(right);

/** Identifies compared environments, regardless of their names. */
export const comparedKey = (places: readonly ComparedPlace[]): string =>
  JSON.stringify(places.map(({ connectionId, environment }) => [connectionId, environment.id]));

/** Two compared environments, and which of them a document shows. */
export const comparedSchema = v.object({
  places: v.pipe(
    v.array(comparedPlaceSchema),
    v.check(({ length }) => length === 2),
  ),
  side: v.picklist([0, 1]),
});
export type Compared = v.InferOutput<typeof comparedSchema>;

/** What a read-only report shows. */
export type ReportTarget =
  | { kind: 'comparison'; compared: Compared }
  | { kind: 'web-vitals'; places: readonly VitalsPlace[] }
  | { kind: 'rows'; place: RowsPlace }
  | { kind: 'change'; change: ChangeSide };
