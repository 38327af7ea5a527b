import * as vscode from 'vscode';
import { own, type JsonObject } from '../../json/json';
import { maskSecretsAt, formatDocument } from '../../settings/document';
import type { SettingsFileStates } from './settingsFileState';

/** The scheme of both sides of a drifting setting. */
export const driftScheme = 'posthog-env-drift';

type Side = 'posthog' | 'file';

/** The document of one side of a setting. */
export const driftUri = (file: vscode.Uri, environment: string, key: string, side: Side): vscode.Uri =>
  vscode.Uri.from({
    scheme: driftScheme,
    path: `/${environment.replaceAll('/', '∕')}/${key}.json`,
    query: JSON.stringify({ file: file.toString(), environment, key, side }),
  });

/** Shows a drifting setting as PostHog has it, and as the file says. */
export class DriftDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly files: SettingsFileStates) {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(driftScheme, this),
      files.onDidChange(() => {
        for (const { uri } of vscode.workspace.textDocuments) {
          if (uri.scheme === driftScheme) {
            this.changed.fire(uri);
          }
        }
      }),
    );
  }

  provideTextDocumentContent({ query }: vscode.Uri): string {
    const { file, environment, key, side } = JSON.parse(query) as Record<string, string>;
    const plans = this.files.get(vscode.Uri.parse(file ?? ''))?.plans ?? [];
    const plan = plans.find(({ target }) => target.name === environment);
    if (plan?.kind !== 'planned' || key === undefined) {
      return '';
    }
    return formatDocument(valueAt(side === 'file' ? plan.set.mine : plan.set.base, key));
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}

function valueAt(document: JsonObject, key: string): JsonObject {
  const value = own(document, key);
  return value === undefined ? {} : { [key]: maskSecretsAt([key], value) };
}
