/** The field whose objects are merged one level deeper (API facts 4.4). */
export const mergedDeeper = 'session_replay_config';

/**
 * The sub-key of `marketing_analytics_config` whose sources are entries of their own. Removing one takes an explicit
 * null on servers that merge it (API facts 4.4).
 */
export const sourcesMap = 'sources_map';
