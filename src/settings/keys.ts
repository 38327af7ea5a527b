/**
 * The settings that the extension itself uses, by purpose. Their records take their keys from here. The keys are separate
 * from the records because startup needs some of them, but none of the records.
 */
export const keyOf = {
  /** What people call the environment. */
  name: 'name',
  /** Complete settings have it, the older, shorter ones don't (API facts 0). */
  completeness: 'base_currency',
  /** The user's sites, from which paths are suggested. */
  sites: 'app_urls',
  /** Whether pages send web vitals, and which. */
  webVitals: 'autocapture_web_vitals_opt_in',
  webVitalsMetrics: 'autocapture_web_vitals_allowed_metrics',
} as const;
