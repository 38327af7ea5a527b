/** The key under which something is stored about an environment, as one connection reaches it. */
export const environmentKey = (connectionId: string, environmentId: number): string =>
  `${connectionId}/${environmentId}`;
