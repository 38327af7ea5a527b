/** The type of the panel, in the manifest's activation events and `when` clauses too. */
export const webVitalsViewType = 'posthogEnvironments.webVitals';
