/** Maximum number of simultaneous requests for one user action. */
const atOnce = 6;

/** Does the same with each item, a few at a time. The results are in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const open = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of open) {
      results.set(index, await work(item));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return [...results].sort(([left], [right]) => left - right).map(([, result]) => result);
}
