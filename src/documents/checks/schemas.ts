import * as vscode from 'vscode';

const schemaScheme = 'posthog-env-schema';

/**
 * Provides the JSON schemas that the manifest's `jsonValidation` refers to. Their texts and enumerations load when the
 * first document is opened.
 */
export function registerSchemas(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(schemaScheme, {
    provideTextDocumentContent: async ({ path: name }) => {
      const { createEnvironmentJsonSchema, settingsJsonSchema } = await import('../../settings/jsonSchema');
      switch (name) {
        case '/settings.json':
          return JSON.stringify(settingsJsonSchema());
        case '/new-environment.json':
          return JSON.stringify(createEnvironmentJsonSchema());
        case '/settings-file.json':
          return JSON.stringify(
            (await import('../../operations/settingsFile/schema')).settingsFileJsonSchema(),
          );
        case '/table.json':
          return JSON.stringify((await import('../../warehouse/tableSchema')).tableJsonSchema());
        default:
          return '{}';
      }
    },
  });
}
