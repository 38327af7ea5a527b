import * as v from 'valibot';
import { comparedPlaceSchema } from '../reports/reportTargets';

const actions = [
  'refresh',
  'cancel',
  'showAll',
  'showDiffering',
  'sortByGroup',
  'sortByCount',
  'copyMarkdown',
  'copyCsv',
  'openDiffs',
  'replaceKey',
] as const;
export type MatrixAction = (typeof actions)[number];

const index = v.pipe(
  v.number(),
  v.safeInteger(),
  v.check((column) => column >= 0),
);

/** What the page sends. Parsed, because it comes from outside. */
export const fromPageSchemas = [
  v.object({ type: v.literal('ready') }),
  v.object({
    type: v.literal('action'),
    action: v.picklist(actions),
    /** The environment of a button. */
    column: v.exactOptional(index),
    /** The settings that match the filter. */
    keys: v.array(v.string()),
  }),
  v.object({ type: v.literal('cell'), action: v.picklist(['open', 'copy']), key: v.string(), column: index }),
] as const;

/** What the page keeps across window reloads. */
export const matrixStateSchema = v.object({
  places: v.pipe(v.array(comparedPlaceSchema), v.minLength(2)),
  showsAll: v.boolean(),
  sort: v.picklist(['group', 'count']),
});
export type MatrixState = v.InferOutput<typeof matrixStateSchema>;

/** What the page receives: its content, an announcement for screen readers, and what to keep across reloads. */
export interface ToPage {
  type: 'show';
  html: string;
  announcement: string;
  state: MatrixState;
}
