/** The type of the panel; also used in the manifest's activation events and `when` clauses. */
export const matrixViewType = 'posthogEnvironments.matrix';
