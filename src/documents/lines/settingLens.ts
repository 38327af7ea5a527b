import * as vscode from 'vscode';
import { commandOf } from '../../ui/commandIds';
import type { Documents } from '../documents';
import type { LensSource } from './documentLenses';
import { outlineIn } from '../../ui/outlines';
import { rangeOf } from '../../ui/spans';
import { scheme } from '../uris/scheme';

/** Settings documents. Drafts have no history. */
const selector: vscode.DocumentSelector = { scheme, pattern: '**/*.posthog-settings.json' };

/** How long the cursor must rest before the lens appears, because it moves the lines below. */
const restMs = 400;

/** A kind of code actions that look something up and change nothing: available on request, without a light bulb. */
const lookUp = vscode.CodeActionKind.Empty.append('posthog');

/** Offers the history of the setting at the cursor, and its values elsewhere. Nothing is read until requested. */
export class SettingLens implements LensSource, vscode.CodeActionProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly subscriptions: vscode.Disposable;
  private shown: { readonly uri: string; readonly key: string } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly documents: Documents) {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.move(textEditor)),
      vscode.languages.registerCodeActionsProvider(selector, this, { providedCodeActionKinds: [lookUp] }),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { shown } = this;
    if (
      shown?.uri !== document.uri.toString() ||
      vscode.languages.match(selector, document) === 0 ||
      !isWanted()
    ) {
      return [];
    }
    const entry = outlineIn(document).find(({ path }) => path[0] === shown.key);
    if (!entry) {
      return [];
    }
    const range = rangeOf(document, entry.name);
    const link = { uri: shown.uri, path: [shown.key] };
    return [
      new vscode.CodeLens(range, commandOf('showSettingHistory', 'History', link)),
      new vscode.CodeLens(range, commandOf('showSettingElsewhere', 'Other Environments', link)),
      new vscode.CodeLens(range, commandOf('copySettings', 'Copy to Environment…', link)),
      new vscode.CodeLens(range, commandOf('undoSetting', 'Undo Last Change…', link)),
    ];
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    { triggerKind }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const key = this.keyAt(document, range.start);
    if (triggerKind !== vscode.CodeActionTriggerKind.Invoke || key === undefined) {
      return [];
    }
    const link = { uri: document.uri.toString(), path: [key] };
    return (
      [
        ['showSettingHistory', 'Show History of This Setting'],
        ['showSettingElsewhere', 'Show This Setting in Other Environments'],
      ] as const
    ).map(([id, title]) => {
      const action = new vscode.CodeAction(title, lookUp);
      action.command = commandOf(id, title, link);
      return action;
    });
  }

  /** Moves the lens to another setting once the cursor rests there. */
  private move({ document, selection }: vscode.TextEditor): void {
    if (document.uri.scheme !== scheme || !isWanted()) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const key = this.keyAt(document, selection.active);
      const uri = document.uri.toString();
      if (key !== this.shown?.key || uri !== this.shown?.uri) {
        this.shown = key === undefined ? undefined : { uri, key };
        this.changed.fire();
      }
    }, restMs);
  }

  /** The setting at a position, if PostHog has it. */
  private keyAt(document: vscode.TextDocument, position: vscode.Position): string | undefined {
    const state = this.documents.peek(document.uri);
    const offset = document.offsetAt(position);
    const entry = outlineIn(document).find(
      ({ whole }) => whole.offset <= offset && offset <= whole.offset + whole.length,
    );
    const key = entry?.path[0];
    return state?.view === 'edit' && typeof key === 'string' && Object.hasOwn(state.base, key)
      ? key
      : undefined;
  }
}

const isWanted = (): boolean =>
  vscode.workspace.getConfiguration('posthogEnvironments').get('editor.settingLens') !== false;
