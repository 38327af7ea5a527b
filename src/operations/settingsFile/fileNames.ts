/** The name of the file with the intended settings of environments. */
export const settingsFileName = 'posthog.environments.json';

/** The host of environments in the sandbox that ships with the extension; its address changes with each start. */
export const sandboxHost = 'sandbox';
