import {
  altersReports,
  expected,
  exposes,
  field,
  flag,
  like,
  member,
  notNull,
  stops,
  text,
  type SettingsField,
} from './field';
import { keyOf } from '../keys';

/** What is captured automatically: clicks, heatmaps, errors and web vitals. */
export const captureFields: readonly SettingsField[] = [
  field(
    'autocapture',
    'autocapture_opt_out',
    {
      title: 'Disable autocapture',
      text: '`true` turns **off** the automatic capture of clicks, inputs, and form submissions.',
      risk: [
        stops('`true` stops autocapture: clicks, inputs, and form submissions are lost from then on.', 'on'),
        exposes(
          '`false` starts to capture clicks, inputs, and form submissions of everyone who visits.',
          'off',
        ),
      ],
      synonyms: ['Autocapture off', 'Enable autocapture for web', 'Autocapture frontend interactions'],
      section: 'environment-autocapture',
      link: 'autocapture',
    },
    flag,
  ),
  field(
    'autocapture',
    'data_attributes',
    {
      title: 'Data attributes',
      text: 'The HTML attributes that identify autocaptured elements in actions.',
      initial: '`["data-attr"]`',
      risk: 'harmless',
      section: 'environment-autocapture',
      link: 'autocapture-data-attributes',
    },
    { type: 'array', items: like(expected(text), 'data-attr'), anyOrder: true },
    notNull,
  ),
  field(
    'autocapture',
    'capture_dead_clicks',
    {
      title: 'Dead clicks',
      text: 'Captures clicks that have no effect.',
      risk: [stops('Turning it off stops dead click events.', 'off')],
      synonyms: ['Dead clicks autocapture'],
      section: 'environment-autocapture',
      link: 'dead-clicks-autocapture',
    },
    flag,
  ),
  field(
    'autocapture',
    'heatmaps_opt_in',
    {
      terraform: 'attribute',
      title: 'Heatmaps',
      text: 'Captures where people click, move, and scroll.',
      risk: [
        stops('Turning it off stops heatmap data.', 'off'),
        exposes('Turning it on captures mouse movement and scrolling of everyone who visits.', 'on'),
      ],
      section: 'environment-heatmaps',
      link: 'heatmaps',
    },
    flag,
  ),

  field(
    'errors',
    'autocapture_exceptions_opt_in',
    {
      terraform: 'attribute',
      title: 'Exception autocapture',
      text: 'Automatically captures JavaScript exceptions for error tracking.',
      risk: [stops('Turning it off stops automatic error reports.', 'off')],
      synonyms: ['Error tracking', 'Exception capture'],
      section: 'environment-error-tracking',
      link: 'error-tracking-exception-autocapture',
    },
    flag,
    member,
  ),
  field(
    'errors',
    'autocapture_exceptions_errors_to_ignore',
    {
      title: 'Errors to ignore',
      text: "Error messages or patterns that aren't captured. The array can take up to 300 characters as JSON; non-ASCII characters count as six. Configure longer lists when you initialize posthog-js. Use `[]` for none.",
      risk: [stops('Errors that match a new entry are no longer captured.', 'on')],
      synonyms: ['Ignored errors', 'Error suppression'],
      needs: ['autocapture_exceptions_opt_in'],
      noSection: 'suppression rules replaced it there',
    },
    { type: 'array', items: like(text, 'ResizeObserver loop'), maxJsonLength: 300, anyOrder: true },
    notNull,
  ),

  field(
    'web',
    keyOf.webVitals,
    {
      terraform: 'attribute',
      title: 'Web vitals autocapture',
      text: 'Captures web vitals of page views. **Show Web Vitals** has no data without it.',
      risk: [stops('Turning it off stops web vitals: *Show Web Vitals* gets no new data.', 'off')],
      synonyms: ['Web vitals', 'Core web vitals'],
      section: 'environment-autocapture',
      link: 'web-vitals-autocapture',
    },
    flag,
    member,
  ),
  field(
    'web',
    keyOf.webVitalsMetrics,
    {
      title: 'Web vitals metrics',
      text: "The metrics to capture; `null` captures all. PostHog doesn't check the names.",
      risk: [stops("A metric that isn't listed is no longer captured. `null` captures all.")],
      needs: [keyOf.webVitals],
      section: 'environment-autocapture',
      link: 'web-vitals-autocapture',
    },
    {
      type: 'array',
      anyOrder: true,
      items: {
        type: 'string',
        expected: true,
        values: ['CLS', 'FCP', 'INP', 'LCP'],
        meanings: {
          CLS: 'Cumulative Layout Shift: how much the page moves',
          FCP: 'First Contentful Paint: when the first content appears',
          INP: 'Interaction to Next Paint: how fast the page responds',
          LCP: 'Largest Contentful Paint: when the main content appears',
        },
      },
    },
    member,
  ),
  field(
    'web',
    'web_analytics_pre_aggregated_tables_enabled',
    {
      title: 'Pre-aggregated web analytics',
      text: 'Reads web analytics from pre-aggregated tables, which is faster but less current.',
      risk: [altersReports('Turning it on or off can slightly change web analytics numbers.')],
      synonyms: ['Pre-aggregated tables', 'New query engine for web analytics'],
      section: 'environment-web-analytics',
      link: 'web-analytics-opt-in-pre-aggregated-tables-and-api',
    },
    flag,
  ),
];
