import type { StoredMarks } from './environmentMarks';

/** The environments whose marks differ. */
export function changedMarks(
  before: StoredMarks,
  now: StoredMarks,
): readonly { readonly connectionId: string; readonly environmentId: number }[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((key) => {
    const [was, is] = [before[key], now[key]];
    const end = key.lastIndexOf('/');
    return was?.protect === is?.protect && was?.readOnly === is?.readOnly
      ? []
      : [{ connectionId: key.slice(0, end), environmentId: Number(key.slice(end + 1)) }];
  });
}
