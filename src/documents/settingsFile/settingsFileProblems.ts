import * as vscode from 'vscode';
import { diagnostic } from '../checks/diagnostics';
import { openDocument } from '../showDocument';
import { isSettingsFile, type SettingsFileState, type SettingsFileStates } from './settingsFileState';

/** Shows the problems of settings files: those that can be found without a server and, after a check, all of them. */
export class SettingsFileProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(
    'posthogEnvironments.settingsFile',
  );
  private readonly subscriptions: vscode.Disposable;

  constructor(files: SettingsFileStates) {
    this.subscriptions = vscode.Disposable.from(
      this.collection,
      files.onDidChange((state) => this.show(state)),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private show({ uri, read, plans, isGone }: SettingsFileState): void {
    // Its document may stay open for minutes.
    if (isGone) {
      this.collection.delete(uri);
      return;
    }
    const document = openDocument(uri);
    if (!document || !isSettingsFile(document)) {
      return;
    }
    // Syntax is left to the JSON language.
    const own = read.document ? read.problems : [];
    const found = document.isDirty
      ? []
      : plans.flatMap((plan) =>
          plan.kind === 'planned'
            ? plan.problems.map((one) => ({ ...one, message: `${plan.target.name}: ${one.message}` }))
            : [],
        );
    const isNew = new Set(own.map(({ offset }) => offset));
    this.collection.set(
      uri,
      [...own, ...found.filter(({ offset }) => !isNew.has(offset))].map((one) => diagnostic(document, one)),
    );
  }
}
