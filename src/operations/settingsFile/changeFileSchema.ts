import { own, type JsonObject } from '../../json/json';
import { settingsFields } from '../../settings/catalogue';
import { draft, properties } from '../../settings/jsonSchema';

/** The JSON schema of a change file: draft 7, with the extensions of VS Code's JSON editor. It only guides. */
export function changeFileJsonSchema(): JsonObject {
  const writable = settingsFields.filter(
    ({ access, confidential, removedIn }) =>
      access === 'writable' && !confidential && removedIn === undefined,
  );
  const guides = properties(writable);
  const keys = writable.map(({ key }) => key);
  const titles = writable.map(({ title }) => title);
  const change: JsonObject = {
    type: 'object',
    title: 'Change',
    markdownDescription: 'A value to change.',
    defaultSnippets: [{ label: 'Change', body: { path: ['${1:timezone}'], from: '${2}', to: '${3}' } }],
    properties: {
      path: {
        title: 'Setting',
        markdownDescription: 'The setting, and the keys that lead to the value inside an object.',
        items: [{ anyOf: [{ enum: keys, enumDescriptions: titles, enumDetails: titles }, {}] }],
        examples: [keys.slice(0, 1)],
      },
      from: {
        title: 'Before',
        markdownDescription:
          'The value in PostHog when this was proposed. If PostHog has a different value by then, whoever applies the change decides. Without it, there was no value.',
      },
      to: { title: 'After', markdownDescription: 'The proposed value. Without it, the value is removed.' },
    },
    // The values of a changed setting are those of a settings document.
    allOf: keys.map((key) => {
      const guide = own(guides, key) ?? {};
      return {
        if: {
          required: ['path'],
          properties: { path: { type: 'array', maxItems: 1, items: [{ const: key }] } },
        },
        then: { properties: { from: guide, to: guide } },
      };
    }),
  };
  return {
    $schema: draft,
    title: 'Proposed change to PostHog environments',
    markdownDescription:
      'Changes that someone else can review and apply with their own API key. It contains no secrets.',
    type: 'object',
    properties: {
      formatVersion: { title: 'Format version', examples: [1] },
      by: { title: 'Proposed by', markdownDescription: 'Who proposes the change.', examples: [''] },
      why: { title: 'Why', markdownDescription: 'Shown to whoever applies the change.', examples: [''] },
      createdAt: {
        title: 'Proposed on',
        markdownDescription: 'A date and time, as in `2026-01-31T12:00:00Z`.',
        examples: ['2026-01-31T12:00:00Z'],
      },
      environments: {
        type: 'array',
        title: 'Environments',
        markdownDescription: 'The environments to change.',
        items: {
          type: 'object',
          title: 'Environment',
          properties: {
            name: { title: 'Name', markdownDescription: 'Its name in this file.', examples: ['Staging'] },
            host: {
              title: 'Host',
              markdownDescription:
                'The address of PostHog. An API key is sent only to the host that it was entered for.',
              examples: ['https://us.posthog.com', 'https://eu.posthog.com'],
            },
            id: { title: 'ID', markdownDescription: 'The ID of the environment.', examples: [1] },
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
                'Whether the change needs extra confirmation, whatever the name is. `false` has no effect.',
              examples: [true],
            },
            readOnly: {
              title: 'Read-only',
              markdownDescription: 'Prevents the change from being applied.',
              doNotSuggest: true,
              examples: [true],
            },
            changes: { type: 'array', title: 'Changes', items: change },
          },
        },
      },
    },
  };
}
