/** Array items, each as a unique text, in the order of each version. */
interface Orders {
  readonly base: readonly string[];
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
}

const sameOrder = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((item, index) => item === right[index]);

/**
 * The order of all remaining items, if both sides together allow only one; undefined otherwise.
 *
 * @param stays which items of either side are in the result
 * @param anyOrder the order is irrelevant: first theirs, then my additions
 */
export function mergeOrder(
  orders: Orders,
  stays: (item: string) => boolean,
  anyOrder: boolean,
): readonly string[] | undefined {
  const [mine, theirs] = [orders.mine.filter(stays), orders.theirs.filter(stays)];
  if (sameOrder(mine, theirs)) {
    return theirs;
  }
  const [inMine, inTheirs] = [new Set(mine), new Set(theirs)];
  const isShared = (item: string): boolean => inMine.has(item) && inTheirs.has(item);
  const shared = sharedOrder(
    { base: orders.base.filter(isShared), mine: mine.filter(isShared), theirs: theirs.filter(isShared) },
    anyOrder,
  );
  if (!shared) {
    return undefined;
  }
  const following = new Map(shared.map((item, index) => [item, shared[index + 1]]));
  /** What a side adds, by the preceding shared item; undefined if that item is now followed by a different one. */
  const additions = (items: readonly string[]): ReadonlyMap<string | undefined, string[]> | undefined => {
    const gaps = new Map<string | undefined, string[]>();
    let before: string | undefined;
    let added: string[] = [];
    for (const item of [...items, undefined]) {
      if (item !== undefined && !isShared(item)) {
        added.push(item);
        continue;
      }
      if (added.length > 0) {
        if (!anyOrder && item !== (before === undefined ? shared[0] : following.get(before))) {
          return undefined;
        }
        gaps.set(before, added);
      }
      [before, added] = [item, []];
    }
    return gaps;
  };
  const [myAdditions, theirAdditions] = [additions(mine), additions(theirs)];
  if (!myAdditions || !theirAdditions) {
    return undefined;
  }
  const result: string[] = [];
  for (const before of [undefined, ...shared]) {
    if (before !== undefined) {
      result.push(before);
    }
    const [my, their] = [myAdditions.get(before) ?? [], theirAdditions.get(before) ?? []];
    if (!anyOrder && my.length > 0 && their.length > 0) {
      return undefined;
    }
    result.push(...their, ...my);
  }
  return result;
}

/** The order of the shared items: that of the side that changed it. */
function sharedOrder({ base, mine, theirs }: Orders, anyOrder: boolean): readonly string[] | undefined {
  if (anyOrder || sameOrder(mine, theirs) || sameOrder(mine, base)) {
    return theirs;
  }
  return sameOrder(theirs, base) ? mine : undefined;
}
