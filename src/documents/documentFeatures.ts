import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import { ComparisonContext } from './comparisonContext';
import { ConflictLenses } from './conflicts/conflictLenses';
import { ConflictMarks } from './conflicts/conflictMarks';
import { Diagnostics } from './checks/diagnostics';
import type { Documents } from './documents';
import { ChangeMarks } from './lines/changeMarks';
import { DocumentLenses } from './lines/documentLenses';
import { JsonSymbols } from '../ui/jsonSymbols';
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
    const [readOnly, walk] = [new ReadOnlyLens(documents), new SettingsWalk(documents, connections)];
    const [conflicts, setting] = [new ConflictLenses(documents), new SettingLens(documents)];
    this.features = vscode.Disposable.from(
      this.diagnostics,
      readOnly,
      walk,
      conflicts,
      setting,
      new DocumentLenses([setting, conflicts, walk, readOnly]),
      new QuickFixes(documents, connections),
      new JsonSymbols({ scheme }),
      new ChangeMarks(documents),
      new ComparisonContext(),
      new ConflictMarks(documents),
      new SettingLinks(connections),
      new FocusRefresh(documents, log, vscode.window.onDidChangeWindowState),
    );
  }

  dispose(): void {
    this.features.dispose();
  }
}
