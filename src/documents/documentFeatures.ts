import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import { ComparisonContext } from './comparisonContext';
import { ConflictLenses } from './conflictLenses';
import { ConflictMarks } from './conflictMarks';
import { Diagnostics } from './diagnostics';
import type { Documents } from './documents';
import { ChangeMarks } from './changeMarks';
import { JsonSymbols } from './jsonSymbols';
import { ReadOnlyLens } from './lenses';
import { QuickFixes } from './quickFixes';
import { SettingsWalk } from './settingsWalk';
import { scheme } from './scheme';
import { FocusRefresh } from './focusRefresh';
import { SettingLens } from './settingLens';
import { SettingLinks } from './settingLinks';

/** Language features of open documents; loaded with the first document. */
export class DocumentFeatures implements vscode.Disposable {
  readonly diagnostics: Diagnostics;
  private readonly features: vscode.Disposable;

  constructor(documents: Documents, connections: Connections, log: vscode.LogOutputChannel) {
    this.diagnostics = new Diagnostics(documents, connections);
    this.features = vscode.Disposable.from(
      this.diagnostics,
      new ReadOnlyLens(documents),
      new QuickFixes(documents, this.diagnostics, connections),
      new JsonSymbols(scheme),
      new SettingsWalk(documents, connections),
      new ChangeMarks(documents),
      new ComparisonContext(),
      new ConflictLenses(documents),
      new ConflictMarks(documents),
      new SettingLinks(connections),
      new SettingLens(documents),
      new FocusRefresh(documents, log, vscode.window.onDidChangeWindowState),
    );
  }

  dispose(): void {
    this.features.dispose();
  }
}
