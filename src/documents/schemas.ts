import { createRequire } from 'node:module';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type * as jsonSchema from '../settings/jsonSchema';

const schemaScheme = 'posthog-env-schema';

/**
 * Answers the JSON schemas that the manifest's `jsonValidation` points to. Their texts and enumerations are in a
 * bundle of their own, loaded when the first document is opened.
 */
export function registerSchemas(extensionPath: string): vscode.Disposable {
  const load = (): typeof jsonSchema => {
    const bundle = path.join(extensionPath, 'dist', 'jsonSchema.cjs');
    return createRequire(bundle)(bundle) as typeof jsonSchema;
  };
  return vscode.workspace.registerTextDocumentContentProvider(schemaScheme, {
    provideTextDocumentContent: ({ path: name }) => {
      switch (name) {
        case '/settings.json':
          return JSON.stringify(load().settingsJsonSchema());
        case '/table.json':
          return JSON.stringify(load().tableJsonSchema());
        default:
          return '{}';
      }
    },
  });
}
