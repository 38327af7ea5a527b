import { own, type JsonValue } from '../../json/json';
import { mergedLevels, settingsField, type Generation } from '../../settings/catalogue';
import type { Risk } from '../../settings/fields/field';
import { risksOf } from '../../settings/risk';
import type { Review } from '../save/applySteps';
import type { Change } from '../changes';
import { changedValues } from '../changeText';
import { newReferenceRisks } from './newReferences';

/** A change as shown in a review. */
export interface ReviewItem {
  readonly change: Change;
  /** The title of the setting; the path for tables and for what isn't in the catalogue. */
  readonly title: string;
  /** Where the change is, such as `session_replay_config.record_canvas`. */
  readonly name: string;
  /** The old and new value, shortened to a line, without secrets. */
  readonly values: string;
  readonly risks: readonly Risk[];
  /** What the request does with the value as a whole, and who can change it: sentences. */
  readonly notes: readonly string[];
}

/** Whether a change can stop, expose, or alter data. */
export const hasRisks = (items: readonly ReviewItem[]): boolean =>
  items.some(({ risks }) => risks.length > 0);

const who = {
  member: 'Any project member can change it.',
  admin: 'Only project admins can change it.',
  organizationAdmin: 'Only organization admins can change it.',
} as const;

/**
 * The changed settings as shown in a review, in the order they're sent.
 *
 * @param before the value of a whole setting before the change, by key
 * @param after the same afterwards
 */
function settingsReview(
  changes: readonly Change[],
  generation: Generation,
  before: (key: string) => JsonValue | undefined,
  after: (key: string) => JsonValue | undefined,
): readonly ReviewItem[] {
  return changes.map((change) => {
    const key = String(change.path[0]);
    const field = settingsField(key);
    const value = after(key);
    const isObject = typeof value === 'object' && value !== null;
    const handling = !isObject
      ? []
      : [
          mergedLevels(field, generation) > 0
            ? 'Merged: omitted keys keep their values.'
            : Array.isArray(value)
              ? 'Replaces the whole list.'
              : 'Replaces the whole object.',
        ];
    return {
      ...itemOf(change),
      title: field?.title ?? key,
      // Risks belong to the whole setting: shown once, with its first change.
      risks:
        field && changes.find(({ path }) => path[0] === key) === change
          ? [...risksOf(field, before(key), value), ...newReferenceRisks(field, before(key), value)]
          : [],
      notes: [...handling, ...(field ? [who[field.writeAccess]] : [])],
    };
  });
}

/** The changes of a table as shown in a review. */
const tableReview = (changes: readonly Change[]): readonly ReviewItem[] =>
  changes.map((change) => ({
    ...itemOf(change),
    title: change.path.map(String).join('.'),
    risks: [],
    notes: [],
  }));

function itemOf(change: Change): Pick<ReviewItem, 'change' | 'name' | 'values'> {
  return { change, name: change.path.map(String).join('.'), values: changedValues(change) };
}

/** What is about to be sent, as a user reviews it. */
export const reviewItems = ({
  changes,
  sending,
}: Pick<Review, 'changes' | 'sending'>): readonly ReviewItem[] =>
  sending?.kind === 'settings'
    ? settingsReview(
        changes,
        sending.generation,
        (key) => own(sending.theirs, key),
        (key) => own(sending.merged, key),
      )
    : tableReview(changes);
