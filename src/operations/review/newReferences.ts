import { jsonEquals, type JsonValue } from '../../json/json';
import type { Risk, SettingsField } from '../../settings/fields/field';
import { portablePart, type Bound } from '../../settings/portable';
import type { Target } from '../../settings/rules';
import { withArticle } from '../compare/difference';

/**
 * The risk of references to objects that a setting didn't have before: pasted from another environment, an ID means
 * nothing here, or something else.
 */
export function newReferenceRisks(
  { rule }: SettingsField,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): readonly Risk[] {
  const boundIn = (value: JsonValue | undefined): readonly Bound[] => {
    const bound: Bound[] = [];
    if (value !== undefined) {
      portablePart(rule, value, [], bound, { wholeItems: false });
    }
    return bound;
  };
  const before = boundIn(from);
  const added = boundIn(to).filter(
    (one) => !before.some((known) => known.pointsTo === one.pointsTo && jsonEquals(known.value, one.value)),
  );
  return [...new Set(added.map(({ pointsTo }) => pointsTo))].map((target) => ({
    kind: 'reports',
    reason: reasonOf(target),
  }));
}

const reasonOf = (target: Target): string =>
  `It now points to ${withArticle(target)} that it didn't point to before. Make sure that it's one of this environment.`;
