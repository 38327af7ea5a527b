/** Words are compared without case and separators: `timeZone` and `time-zone` are `timezone`. */
const plain = (word: string): string => word.toLowerCase().replace(/[\s_$.-]+/g, '');

/** Longer differences aren't typos. */
const maxLength = 80;

/** How many letters must be inserted, deleted, replaced, or swapped; more than `limit` counts as `limit + 1`. */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) {
    return limit + 1;
  }
  let [before, last]: [number[], number[]] = [[], Array.from({ length: right.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= left.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (now[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1]
      ) {
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      }
      now.push(cost);
    }
    if (Math.min(...now) > limit) {
      return limit + 1;
    }
    [before, last] = [last, now];
  }
  return last.at(-1) ?? 0;
}

/**
 * The candidates that a word may be a misspelling of, the nearest first.
 *
 * @param spellings other names of a candidate
 */
export function nearest(
  word: string,
  candidates: readonly string[],
  most: number,
  spellings: (candidate: string) => readonly string[] = () => [],
): readonly string[] {
  const meant = plain(word);
  if (meant === '' || meant.length > maxLength) {
    return [];
  }
  const limit = Math.max(1, Math.min(4, Math.floor(meant.length / 3)));
  const near = candidates
    .map((candidate) => {
      const isNamed = spellings(candidate).some((spelling) => plain(spelling) === meant);
      return { candidate, far: isNamed ? 0.5 : distance(meant, plain(candidate), limit) };
    })
    .filter(({ far }) => far <= limit)
    .sort((left, right) => left.far - right.far);
  const [best] = near;
  return near
    .filter(({ far }) => far <= (best?.far ?? 0) + 1)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}
