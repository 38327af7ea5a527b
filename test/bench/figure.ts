export interface Figure {
  name: string;
  value: number;
  unit: 'bytes' | 'ms' | 'requests' | 'times';
  budget: number;
  withinBudget: boolean;
  /** The values behind the number, if they help to find out why it changed. */
  of?: readonly (number | string)[];
}

/** A measured number and its limit. */
export function figure(
  name: string,
  value: number,
  unit: Figure['unit'],
  budget: number,
  of?: Figure['of'],
): Figure {
  const rounded = unit === 'ms' || unit === 'times' ? Math.round(value * 100) / 100 : value;
  return {
    name,
    value: rounded,
    unit,
    budget,
    withinBudget: value <= budget,
    ...(of === undefined
      ? {}
      : { of: of.map((part) => (typeof part === 'number' ? Math.round(part * 100) / 100 : part)) }),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) {
    throw new Error('Nothing was measured.');
  }
  return (low + high) / 2;
}
