/** Why the person may not change a table, where newer servers say so (API facts 2.8); else undefined. */
export function accessProblem({
  user_access_level,
}: {
  user_access_level?: string | undefined;
}): string | undefined {
  return user_access_level === 'viewer' || user_access_level === 'none'
    ? 'Your access in PostHog lets you look at this table, not change it. Ask an administrator of the project.'
    : undefined;
}
