import * as vscode from 'vscode';
import { parseDocumentUri, targetKey } from './uris/uri';

/**
 * Sets a context key while the active tab compares a document with PostHog's version, because other diffs can show
 * documents, too.
 */
export class ComparisonContext implements vscode.Disposable {
  private isSet = false;
  private readonly subscription: vscode.Disposable;

  constructor() {
    this.subscription = vscode.Disposable.from(
      vscode.window.tabGroups.onDidChangeTabs(() => this.update()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.update()),
    );
    this.update();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private update(): void {
    const isComparison = compares(vscode.window.tabGroups.activeTabGroup.activeTab?.input);
    if (isComparison !== this.isSet) {
      this.isSet = isComparison;
      void vscode.commands.executeCommand('setContext', 'posthogEnvironments.isComparison', isComparison);
    }
  }
}

function compares(input: unknown): boolean {
  if (!(input instanceof vscode.TabInputTextDiff)) {
    return false;
  }
  const [theirs, mine] = [parseDocumentUri(input.original), parseDocumentUri(input.modified)];
  return (
    theirs?.view === 'theirs' && mine?.view === 'edit' && targetKey(theirs.target) === targetKey(mine.target)
  );
}
