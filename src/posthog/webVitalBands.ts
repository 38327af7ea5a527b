import type { WebVitalName } from './models';

/** In PostHog's order (API facts 3). */
export const webVitalNames = ['INP', 'LCP', 'CLS', 'FCP'] as const satisfies readonly WebVitalName[];

/** What a metric means and where its bands end: milliseconds, or no unit for CLS (API facts 3). */
export interface WebVitalDefinition {
  title: string;
  explains: string;
  unit: 'ms' | '';
  goodUpTo: number;
  poorAbove: number;
}

export const webVitalDefinitions: Readonly<Record<WebVitalName, WebVitalDefinition>> = {
  INP: {
    title: 'Interaction to Next Paint',
    explains: 'How long the page takes to respond to a click, tap, or key press.',
    unit: 'ms',
    goodUpTo: 200,
    poorAbove: 500,
  },
  LCP: {
    title: 'Largest Contentful Paint',
    explains: 'How long it takes for the main content to appear.',
    unit: 'ms',
    goodUpTo: 2500,
    poorAbove: 4000,
  },
  CLS: {
    title: 'Cumulative Layout Shift',
    explains: 'How much the content moves while the page loads.',
    unit: '',
    goodUpTo: 0.1,
    poorAbove: 0.25,
  },
  FCP: {
    title: 'First Contentful Paint',
    explains: 'How long it takes for the first content to appear.',
    unit: 'ms',
    goodUpTo: 1800,
    poorAbove: 3000,
  },
};

/** PostHog's names for the bands (API facts 3). */
export type WebVitalBand = 'good' | 'needs_improvements' | 'poor';

export const webVitalBandTitles: Readonly<Record<WebVitalBand, string>> = {
  good: 'Good',
  needs_improvements: 'Needs improvements',
  poor: 'Poor',
};

/** The band of a value. Both thresholds belong to the better band. */
export function bandOf(name: WebVitalName, value: number): WebVitalBand {
  const { goodUpTo, poorAbove } = webVitalDefinitions[name];
  return value <= goodUpTo ? 'good' : value <= poorAbove ? 'needs_improvements' : 'poor';
}

/** Where PostHog's bar for a metric ends (API facts 3). */
export function scaleEndOf(name: WebVitalName): number {
  return webVitalDefinitions[name].poorAbove * 1.2;
}

/**
 * A value in PostHog's format: seconds with two decimals from 1000 ms, whole milliseconds below, and two decimals for
 * CLS. If rounding would move it to a different band than the one shown next to it, it gets as many decimals as that
 * takes.
 */
export function formatWebVital(name: WebVitalName, value: number): string {
  const inSeconds = name !== 'CLS' && value >= 1000;
  const divisor = inSeconds ? 1000 : 1;
  const fewest = inSeconds || name === 'CLS' ? 2 : 0;
  const unit = name === 'CLS' ? '' : inSeconds ? ' s' : ' ms';
  for (let decimals = fewest; decimals < 6; decimals++) {
    const text = (value / divisor).toFixed(decimals);
    if (bandOf(name, Number(text) * divisor) === bandOf(name, value)) {
      return text + unit;
    }
  }
  return `${value / divisor}${unit}`;
}
