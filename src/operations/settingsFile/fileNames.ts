/** The name of the file that says how environments are meant to be. */
export const settingsFileName = 'posthog.environments.json';

/** The host of environments in the sandbox that runs with the extension, whose address is another one each time. */
export const sandboxHost = 'sandbox';
