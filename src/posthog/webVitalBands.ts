import type { WebVitalName } from './models';

/** In the order in which PostHog shows them (API facts 3). */
export const webVitalNames = ['INP', 'LCP', 'CLS', 'FCP'] as const satisfies readonly WebVitalName[];

/** What a metric means and where its bands end: milliseconds, CLS without unit (API facts 3). */
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
    explains: 'How long the page takes to answer a click, tap or key press.',
    unit: 'ms',
    goodUpTo: 200,
    poorAbove: 500,
  },
  LCP: {
    title: 'Largest Contentful Paint',
    explains: 'How long it takes until the main content can be seen.',
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
    explains: 'How long it takes until the first content can be seen.',
    unit: 'ms',
    goodUpTo: 1800,
    poorAbove: 3000,
  },
};

/** Bands as PostHog names them (API facts 3). */
export type WebVitalBand = 'good' | 'needs_improvements' | 'poor';

export const webVitalBandTitles: Readonly<Record<WebVitalBand, string>> = {
  good: 'Good',
  needs_improvements: 'Needs improvements',
  poor: 'Poor',
};

/** The band of a value; both thresholds belong to the better band. */
export function bandOf(name: WebVitalName, value: number): WebVitalBand {
  const { goodUpTo, poorAbove } = webVitalDefinitions[name];
  return value <= goodUpTo ? 'good' : value <= poorAbove ? 'needs_improvements' : 'poor';
}

/** Where PostHog's bar of a metric ends (API facts 3). */
export function scaleEndOf(name: WebVitalName): number {
  return webVitalDefinitions[name].poorAbove * 1.2;
}

/**
 * A value as PostHog writes it: from 1000 ms on in seconds with two decimals, below in whole milliseconds, CLS with
 * two decimals. Where that rounding would put the number into another band than the one named beside it, it gets
 * as many more decimals as it takes.
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
