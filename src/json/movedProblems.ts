import { jsonEquals } from './json';
import { parseDocument, type DocumentProblem, type TextSpan } from './parse';
import { valueAt } from './valueAt';

/**
 * The problems of a text at their positions in a text that was typed since. Those whose value has gone or changed are
 * left out, and so are those of broken JSON, which only have a position.
 */
export function movedProblems(
  problems: readonly DocumentProblem[],
  from: string,
  to: string,
): readonly DocumentProblem[] {
  if (from === to) {
    return problems;
  }
  const [before, now] = [parseDocument(from), parseDocument(to)];
  if (!before.ok || !now.ok) {
    return [];
  }
  return problems.flatMap((problem) => {
    const { path } = problem;
    const value = valueAt(now.value, path);
    if (path.length === 0 || value === undefined || !jsonEquals(value, valueAt(before.value, path))) {
      return [];
    }
    const isAtKey = isSame(problem, before.locateKey(path));
    return { ...problem, ...(isAtKey ? now.locateKey(path) : now.locate(path)) };
  });
}

const isSame = (one: TextSpan, other: TextSpan): boolean =>
  one.offset === other.offset && one.length === other.length;
