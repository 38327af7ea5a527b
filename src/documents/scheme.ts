/** The scheme of documents. By itself, because the start needs nothing else of their addresses. */
export const scheme = 'posthog-env';
