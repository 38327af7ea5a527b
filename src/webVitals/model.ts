import { asText } from '../json/visibleText';
import { panelLabel, type Action } from '../operations/actions';
import type { VitalsPlace } from '../reports/reportTargets';
import { outcomeOf, type VitalsReading } from '../reports/vitalsReading';
import { changeText, dayText, missingText, outcomeText } from '../reports/vitalsText';
import type { WebVitalName } from '../posthog/models';
import {
  formatWebVital,
  scaleEndOf,
  webVitalBandTitles,
  webVitalDefinitions,
  webVitalNames,
  type WebVitalBand,
} from '../posthog/webVitalBands';
import { changeOf, measureWebVitals, type WebVitalMeasure } from '../posthog/webVitalMeasures';

/** What a button of the panel does. `side` is the place it refers to. */
export type PanelAction =
  | 'refresh'
  | 'cancel'
  | 'changePath'
  | 'comparePath'
  | 'compareEnvironment'
  | 'swap'
  | 'removeSide'
  | 'openJson'
  | 'openSetting'
  | 'replaceKey'
  | 'showLog';

/** What is known about a place. */
export interface SideState {
  place: VitalsPlace;
  /** Its organization and connection. */
  around: string;
  status: 'loading' | 'ready' | 'failed' | 'canceled';
  /** The last response; stays while a newer one loads, or if that failed. */
  reading?: VitalsReading;
  /** Why the last attempt failed, in sentences, and what helps. */
  failure?: { what: string; text: string; action: Action | undefined };
}

/** A difference in words, with its direction for an icon. */
export interface ChangeView {
  direction: 'up' | 'down' | 'unchanged';
  verdict: 'better' | 'worse' | 'unchanged';
  text: string;
}

/** One metric of one place. */
export interface MetricView {
  name: WebVitalName;
  title: string;
  explains: string;
  /** "Good up to 200 ms, poor above 500 ms." */
  thresholds: string;
  value?: {
    shown: string;
    band: WebVitalBand;
    bandTitle: string;
    week: string | undefined;
    trend: ChangeView | undefined;
    /** The marker and the ends of the bands, in percent of the bar. */
    scale: {
      marker: number;
      beyond: boolean;
      goodEnd: number;
      poorStart: number;
      goodLabel: string;
      poorLabel: string;
    };
  };
  /** Shown instead of a value: why there is none. */
  missing?: string;
}

/** Shown instead of metrics: what happened and what to do. */
export interface MessageView {
  kind: 'no_data' | 'capture_off' | 'query_failed' | 'failed' | 'canceled';
  title: string;
  text: string;
  actions: readonly { action: PanelAction; label: string }[];
}

/** One place as shown in the panel. */
export interface SideView {
  path: string;
  environment: string;
  around: string;
  environmentId: number;
  loading: boolean;
  metrics?: readonly MetricView[];
  message?: MessageView;
  /** Shown next to metrics: notes about them. */
  notes: readonly { text: string; action?: { action: PanelAction; label: string } }[];
  readAt: string | undefined;
}

/** Everything the panel shows. */
export interface PanelView {
  title: string;
  sides: readonly SideView[];
  /** With two sides: the second compared with the first. */
  differences?: Readonly<Partial<Record<WebVitalName, ChangeView>>>;
  /** What a screen reader announces when this replaces the previous content. */
  announcement: string;
}

/**
 * The panel's content for one place, or for two that are compared.
 *
 * @param language the language of days and times: a BCP 47 tag
 */
export function panelView(states: readonly SideState[], language = 'en'): PanelView {
  const sides = states.map((state) => sideView(state, language));
  const differences = differencesOf(states);
  return {
    title: asText(`Web vitals of ${titleOf(sides)}`),
    sides,
    ...(differences && { differences }),
    announcement: asText(sides.map(announce).join(' ')),
  };
}

function titleOf([first, second]: readonly SideView[]): string {
  if (!first) {
    return '';
  }
  const place = ({ environment, around }: SideView): string => `${environment} · ${around}`;
  if (!second) {
    return `${first.path} in ${place(first)}`;
  }
  if (place(first) === place(second)) {
    return `${first.path} and ${second.path} in ${place(first)}`;
  }
  const [here, there] =
    first.around === second.around ? [first.environment, place(second)] : [place(first), place(second)];
  return first.path === second.path
    ? `${first.path} in ${here} and ${there}`
    : `${first.path} in ${here} and ${second.path} in ${there}`;
}

function sideView(state: SideState, language: string): SideView {
  const { place, reading, status, failure } = state;
  const environment = reading?.environmentName ?? place.name;
  const common = {
    path: place.path,
    environment,
    environmentId: place.environment.id,
    around: state.around,
    loading: status === 'loading',
    readAt: reading?.readAt.toLocaleTimeString(language, { timeStyle: 'medium' }),
  };
  if (!reading) {
    const message = failure ? failureMessage(failure) : status === 'canceled' ? canceledMessage : undefined;
    return { ...common, notes: [], ...(message && { message }) };
  }
  const notes: SideView['notes'][number][] = [];
  if (failure) {
    const [button] = buttonsOf(failure.action);
    notes.push({
      text: `These are earlier values. ${failure.what} ${failure.text}`,
      ...(button && { action: button }),
    });
  } else if (status === 'canceled') {
    notes.push({ text: 'These are earlier values. The refresh was canceled.' });
  }
  const outcome = outcomeOf(reading);
  if (outcome !== 'measured') {
    const { title, text } = outcomeText(outcome, { path: place.path, environment, capture: reading.capture });
    return { ...common, notes, message: { kind: outcome, title, text, actions: outcomeActions[outcome] } };
  }
  if (reading.capture.optIn === false) {
    notes.push({
      text: `Web vitals capture is now off in ${environment}. These are the last values from before.`,
      action: openSetting,
    });
  }
  const measures = measureWebVitals(reading.vitals);
  return {
    ...common,
    notes,
    metrics: webVitalNames.map((name) => metricView(name, measures[name], reading, language)),
  };
}

function metricView(
  name: WebVitalName,
  measure: WebVitalMeasure | undefined,
  { capture }: VitalsReading,
  language: string,
): MetricView {
  const { title, explains, goodUpTo, poorAbove } = webVitalDefinitions[name];
  const end = scaleEndOf(name);
  const [goodLabel, poorLabel] = [formatThreshold(name, goodUpTo), formatThreshold(name, poorAbove)];
  const view = { name, title, explains, thresholds: `Good up to ${goodLabel}, poor above ${poorLabel}.` };
  if (!measure) {
    return { ...view, missing: missingText(name, capture) };
  }
  const { value, shown, band, week, trend } = measure;
  return {
    ...view,
    value: {
      shown,
      band,
      bandTitle: webVitalBandTitles[band],
      week: week === undefined ? undefined : dayText(week, language),
      trend: trend && { ...trend, text: `${changeText(name, trend, 'the week before')}.` },
      scale: {
        marker: percent(Math.min(value, end) / end),
        beyond: value > end,
        goodEnd: percent(goodUpTo / end),
        poorStart: percent(poorAbove / end),
        goodLabel,
        poorLabel,
      },
    },
  };
}

/** Thresholds are round numbers: "2.5 s", not "2.50 s". */
function formatThreshold(name: WebVitalName, value: number): string {
  return formatWebVital(name, value)
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '');
}

const percent = (share: number): number => Math.round(share * 1000) / 10;

const openSetting = { action: 'openSetting', label: 'Open setting' } as const;
const retry = { action: 'refresh', label: panelLabel('retry') } as const;

const outcomeActions: Readonly<Record<'no_data' | 'capture_off' | 'query_failed', MessageView['actions']>> = {
  no_data: [{ action: 'changePath', label: 'Choose another path…' }, retry],
  capture_off: [openSetting, retry],
  query_failed: [retry],
};

const canceledMessage: MessageView = {
  kind: 'canceled',
  title: 'Canceled',
  text: 'You canceled before PostHog responded.',
  actions: [retry],
};

/** The buttons for an action. The key may have been replaced in the meantime, so retrying is possible. */
function buttonsOf(action: Action | undefined): MessageView['actions'] {
  switch (action?.kind) {
    case 'replaceKey':
      return [{ action: 'replaceKey', label: panelLabel('replaceKey') }, retry];
    case 'showLog':
      return [{ action: 'showLog', label: panelLabel('showLog') }, retry];
    case 'retry':
      return [retry];
    default:
      return [];
  }
}

const failureMessage = ({ what, text, action }: NonNullable<SideState['failure']>): MessageView => ({
  kind: 'failed',
  title: what.replace(/\.$/, ''),
  text,
  actions: buttonsOf(action),
});

function differencesOf([first, second]: readonly SideState[]): PanelView['differences'] | undefined {
  if (!first || !second) {
    return undefined;
  }
  const [left, right] = [first, second].map(({ reading }) =>
    reading ? measureWebVitals(reading.vitals) : {},
  );
  const than = first.place.path === second.place.path ? first.place.name : first.place.path;
  return Object.fromEntries(
    webVitalNames.flatMap((name) => {
      const [from, to] = [left?.[name], right?.[name]];
      const change = from && to && changeOf(name, from.value, to.value);
      return change ? [[name, { ...change, text: `${changeText(name, change, than)}.` }]] : [];
    }),
  );
}

function announce({ path, environment, loading, metrics, message, notes }: SideView): string {
  const place = `${path} in ${environment}`;
  const said = notes.map(({ text }) => text);
  if (loading) {
    return `Getting web vitals of ${place}.`;
  }
  if (message) {
    return [`${place}: ${message.title}.`, ...said].join(' ');
  }
  const values = (metrics ?? []).map(
    ({ name, value }) => `${name} ${value ? `${value.shown}, ${value.bandTitle.toLowerCase()}` : 'no data'}`,
  );
  return [`${place}: ${values.join('; ')}.`, ...said].join(' ');
}
