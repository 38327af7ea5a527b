/** Why the user can't change a table, if the server says so, as newer ones do (API facts 2.8). */
export function accessProblem({
  user_access_level,
}: {
  user_access_level?: string | undefined;
}): string | undefined {
  return user_access_level === 'viewer' || user_access_level === 'none'
    ? 'You can only view this table in PostHog. Ask a project admin for access.'
    : undefined;
}
