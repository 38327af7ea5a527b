import * as vscode from 'vscode';
import { settingsFileName } from '../../operations/settingsFile/fileNames';
import { settingsInFile, valueHints } from '../../settings/walk';
import { inlayHints } from '../../ui/inlayHints';
import { JsonSymbols } from '../../ui/jsonSymbols';
import { outlineIn } from '../../ui/outlines';
import { isChangeFile } from './changeFileNames';

/** Makes settings files easier to navigate, as settings documents are: an outline by title, meanings of values. */
export class SettingsFileWalk implements vscode.InlayHintsProvider, vscode.Disposable {
  private readonly registrations = vscode.Disposable.from(
    new JsonSymbols({ pattern: `**/${settingsFileName}` }),
    new JsonSymbols({ pattern: '**/*.posthog-change.json' }, isChangeFile),
    vscode.languages.registerInlayHintsProvider(
      { language: 'posthog-json', pattern: `**/${settingsFileName}` },
      this,
    ),
  );

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    return inlayHints(document, range, valueHints(settingsInFile(outlineIn(document))));
  }

  dispose(): void {
    this.registrations.dispose();
  }
}
