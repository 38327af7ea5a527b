/** The scheme of both sides of a drifting setting. */
export const driftScheme = 'posthog-env-drift';
