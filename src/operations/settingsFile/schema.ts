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
    markdownDescription: 'An environment by a name of your own.',
    defaultSnippets: [{ label: 'Environment', body: { host: '${1:https://eu.posthog.com}', id: '^${2:1}' } }],
    properties: {
      host: {
        title: 'Host',
        markdownDescription:
          'The address of PostHog. An API key is sent only to the host that it was entered for.',
        examples: ['https://us.posthog.com', 'https://eu.posthog.com'],
      },
      id: {
        title: 'ID',
        markdownDescription:
          'The ID of the environment: the number in the address of its pages. *Copy ID* in its menu copies it.',
        examples: [1],
      },
      projectId: {
        title: 'Project ID',
        markdownDescription:
          'The ID of the project, on older servers on which a project has several environments.',
        doNotSuggest: true,
        examples: [1],
      },
      protected: {
        title: 'Protected',
        markdownDescription:
          'Whether changes ask for consent of their own, for everybody who uses this file. Without it, the name decides: everything counts as protected that is not called development, test, staging, or the like.',
        examples: [true, false],
      },
      readOnly: {
        title: 'Read-only',
        markdownDescription: 'Nothing is written to this environment by anybody who uses this file.',
        examples: [true],
      },
      settings: settingsOf(
        false,
        'Settings of this environment alone. They override the common ones path by path.',
      ),
    },
  };
  return {
    $schema: draft,
    title: 'Settings of PostHog environments',
    markdownDescription:
      'What PostHog environments are meant to have. Only settings that are written here are compared and changed; `null` means null. Secrets, and what points to objects of one environment, can not be here.',
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
        markdownDescription: 'The environments, each by a name of your own.',
        additionalProperties: environment,
        defaultSnippets: [
          {
            label: 'Environments',
            body: { '${1:staging}': { host: '${2:https://eu.posthog.com}', id: '^${3:1}' } },
          },
        ],
      },
      settings: settingsOf(true, 'What holds for all environments of this file.'),
    },
  };
}
