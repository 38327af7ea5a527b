import * as vscode from 'vscode';

const schemaScheme = 'posthog-env-schema';

/**
 * Provides the JSON schemas that the manifest's `jsonValidation` refers to. Their texts and enumerations load when the
 * first document is opened.
 */
export function registerSchemas(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(schemaScheme, {
    provideTextDocumentContent: async ({ path }) => (await import('./schemaTexts')).schemaText(path),
  });
}
