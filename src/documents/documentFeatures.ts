import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import { ComparisonContext } from './comparisonContext';
import { ConflictLenses } from './conflicts/conflictLenses';
import { ConflictMarks } from './conflicts/conflictMarks';
import { Diagnostics } from './checks/diagnostics';
import type { Documents } from './documents';
import { ChangeMarks } from './lines/changeMarks';
import { JsonSymbols } from './lines/jsonSymbols';
import { ReadOnlyLens } from './lines/lenses';
import { QuickFixes } from './checks/quickFixes';
import { SettingsWalk } from './lines/settingsWalk';
import { scheme } from './uris/scheme';
import { FocusRefresh } from './focusRefresh';
import { SettingLens } from './lines/settingLens';
import { SettingLinks } from './lines/settingLinks';

/** Language features of open documents; loaded with the first document. */
export class DocumentFeatures implements vscode.Disposable {
  readonly diagnostics: Diagnostics;
  private readonly features: vscode.Disposable;

  constructor(documents: Documents, connections: Connections, log: vscode.LogOutputChannel) {
    this.diagnostics = new Diagnostics(documents, connections);
    this.features = vscode.Disposable.from(
      this.diagnostics,
      new ReadOnlyLens(documents),
      new QuickFixes(documents, connections),
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
