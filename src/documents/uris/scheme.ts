/** The scheme of documents. In its own module, because startup needs nothing else about their addresses. */
export const scheme = 'posthog-env';
/** The scheme of the texts of a merge. */
export const mergeScheme = 'posthog-env-merge';
