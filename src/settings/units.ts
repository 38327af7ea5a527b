import type { Unit } from './rules';

const round = (value: number): string => String(Number(value.toFixed(2)));

function seconds(value: number): string {
  if (value < 60) {
    return `${round(value)} s`;
  }
  const parts = [
    [Math.floor(value / 86_400), 'd'],
    [Math.floor((value % 86_400) / 3600), 'h'],
    [Math.floor((value % 3600) / 60), 'min'],
    [Number(round(value % 60)), 's'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${round(value / 1000 ** power)} ${units[power] ?? ''}`;
}

/** A number in words; `undefined` if the number itself is clearer. */
export function inWords(value: number, unit: Unit): string | undefined {
  if (!Number.isFinite(value) || value < 0) {
    return undefined;
  }
  switch (unit) {
    case 'ms':
      return seconds(value / 1000);
    case 's':
      return value < 60 ? undefined : seconds(value);
    case 'bytes':
      return value < 1000 ? undefined : bytes(value);
    case 'share':
      return value > 1 ? undefined : `${round(value * 100)}%`;
  }
}
