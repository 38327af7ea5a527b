/** The scheme of documents. By itself, because the start needs nothing else of their addresses. */
export const scheme = 'posthog-env';
/** The scheme of the texts of a merge. */
export const mergeScheme = 'posthog-env-merge';
