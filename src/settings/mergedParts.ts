import { settingsFields } from './catalogue';

/** The field whose objects are merged one level deeper, as its record says (API facts 4.4). */
export const mergedDeeper = settingsFields.find(({ mergeDepth }) => mergeDepth === 2)?.key;

/**
 * The sub-key of `marketing_analytics_config` whose sources are entries of their own. Removing one takes an explicit
 * null on servers that merge it (API facts 4.4).
 */
export const sourcesMap = 'sources_map';
