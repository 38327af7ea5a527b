import type { JsonObject } from '../../json/json';
import { settingsFields } from '../../settings/catalogue';
import { draft, properties } from '../../settings/jsonSchema';
import { whyRefused } from './checkManaged';

const settingsOf = (isCommon: boolean, markdownDescription: string): JsonObject => ({
  type: 'object',
  title: isCommon ? 'Settings of all environments' : 'Settings of this environment',
  markdownDescription,
  properties: properties(
    settingsFields.filter(
      (field) => whyRefused(field, isCommon) === undefined && field.removedIn === undefined,
    ),
  ),
});

/** The JSON schema of a settings file: draft 7, with the extensions of VS Code's JSON editor. It only guides. */
export function settingsFileJsonSchema(): JsonObject {
  const environment: JsonObject = {
    type: 'object',
    title: 'Environment',
    markdownDescription: 'An environment, under a name of your choice.',
    defaultSnippets: [{ label: 'Environment', body: { host: '${1:https://eu.posthog.com}', id: '^${2:1}' } }],
    properties: {
      host: {
        title: 'Host',
        markdownDescription:
          'The address of the PostHog server. An API key is only sent to the host it was entered for.',
        examples: ['https://us.posthog.com', 'https://eu.posthog.com'],
      },
      id: {
        title: 'ID',
        markdownDescription:
          'The ID of the environment: the number in the URL of its pages. To copy it, choose *Copy ID* in its context menu.',
        examples: [1],
      },
      projectId: {
        title: 'Project ID',
        markdownDescription:
          'The ID of the project, for older servers where a project has several environments.',
        doNotSuggest: true,
        examples: [1],
      },
      protected: {
        title: 'Protected',
        markdownDescription:
          "Whether changes need extra confirmation, for everyone who uses this file. If omitted, the name decides: an environment is protected unless it's called development, test, staging, or the like.",
        examples: [true, false],
      },
      readOnly: {
        title: 'Read-only',
        markdownDescription: 'Nobody who uses this file can change this environment.',
        examples: [true],
      },
      settings: settingsOf(
        false,
        'Settings for this environment only. They override the common settings, path by path.',
      ),
    },
  };
  return {
    $schema: draft,
    title: 'Settings of PostHog environments',
    markdownDescription:
      "The intended settings of PostHog environments. Only settings in this file are compared and changed; `null` means null. Secrets and references to objects in one environment aren't allowed.",
    type: 'object',
    defaultSnippets: [
      {
        label: 'Settings file',
        body: {
          environments: { '${1:staging}': { host: '${2:https://eu.posthog.com}', id: '^${3:1}' } },
          settings: { timezone: '${4:UTC}' },
        },
      },
    ],
    properties: {
      environments: {
        type: 'object',
        title: 'Environments',
        markdownDescription: 'The environments, each under a name of your choice.',
        additionalProperties: environment,
        defaultSnippets: [
          {
            label: 'Environments',
            body: { '${1:staging}': { host: '${2:https://eu.posthog.com}', id: '^${3:1}' } },
          },
        ],
      },
      settings: settingsOf(true, 'Settings that apply to all environments in this file.'),
    },
  };
}
