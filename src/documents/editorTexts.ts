import * as vscode from 'vscode';
import type { DocumentState } from './documentState';
import type { DocumentStates } from './documentStates';
import type { KeptBases } from './keptBases';
import type { Revision } from './revisions';
import { openDocument } from './showDocument';
import { tabsOf } from './tabs';
import { differsWidely, editTo, hasText } from './textEdits';
import { takesEdits } from './uris/uri';

/** Follows the texts of editors: what they show, that VS Code saves it, and that they're closed. */
export class EditorTexts implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable;

  /** @param refresh loads a document again whose unsaved changes didn't come back after a reload */
  constructor(
    private readonly states: DocumentStates,
    private readonly bases: KeptBases,
    private readonly refresh: (state: DocumentState) => void,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.look(document)),
      vscode.workspace.onWillSaveTextDocument(({ document }) => this.leave(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.settle(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.close(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.look(document)),
      vscode.window.tabGroups.onDidChangeTabs(() => this.lookAtKept()),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /**
   * Updates a document's state from its editor. While it has edits, their base is stored for a reload. A stored base
   * whose edits didn't come back is out of date, and so is the text stored with it.
   */
  look(document: vscode.TextDocument): void {
    const state = this.states.peek(document.uri);
    if (!state) {
      return;
    }
    const { shown } = state.revisions;
    state.revisions.see(document.getText(), document.isDirty);
    if (!document.encoding.startsWith('utf8')) {
      state.misreadAs = document.encoding;
    } else if (!state.revisions.isEdited(document.getText())) {
      state.misreadAs = undefined;
    }
    const isClean = !document.isDirty && !tabsOf(state.uri).some(({ isDirty }) => isDirty);
    if (isClean && state.revisions.overtake(document.getText())) {
      this.states.fireFileChange(state);
    }
    if (state.revisions.shown !== shown) {
      this.states.fireChange(state);
    }
    if (!takesEdits(state.view)) {
      return;
    }
    // Text that was typed and deleted again during a save comes back after a reload; only the tab shows that.
    if (this.states.hasEdits(state) || tabsOf(state.uri).some(({ isDirty }) => isDirty)) {
      void this.bases.keep(state);
      return;
    }
    if (this.bases.drop(state)) {
      // Hot exit may make it dirty at any moment, and dirty documents are left alone.
      this.refresh(state);
    }
  }

  /** Drops the stored bases of documents that are no longer dirty; only their tabs show that. */
  private lookAtKept(): void {
    for (const { uri, kept } of this.states.open()) {
      const document = kept.kind === 'nothing' ? undefined : openDocument(uri);
      if (document && !document.isDirty) {
        this.look(document);
      }
    }
  }

  /** VS Code doesn't replace a text while saving it. */
  private leave(document: vscode.TextDocument): void {
    const state = this.states.peek(document.uri);
    if (state) {
      state.revisions.see(document.getText(), true);
      state.leaving = document.getText();
    }
  }

  private settle(document: vscode.TextDocument): void {
    const state = this.states.peek(document.uri);
    if (!state) {
      return;
    }
    state.leaving = undefined;
    const unsettled = state.revisions.unsettled(document.getText());
    if (unsettled && isShown(document) && differsWidely(document, unsettled.text)) {
      void this.showInPlace(document, state, unsettled);
      return;
    }
    this.announce(document, state);
  }

  /**
   * Shows the server's form of what was just saved in an editor, edit by edit. VS Code would replace everything from
   * the first to the last change, and lose cursor and folding in between. Saving the result sends nothing.
   */
  private async showInPlace(
    document: vscode.TextDocument,
    state: DocumentState,
    { base, text }: Pick<Revision, 'base' | 'text'>,
  ): Promise<void> {
    const before = document.getText();
    const isEdited = await vscode.workspace.applyEdit(editTo(document, text));
    if (!isEdited || document.getText() === before) {
      this.announce(document, state);
      return;
    }
    this.states.rebase(state, base);
    // What was typed meanwhile isn't saved unasked.
    if (hasText(document, text)) {
      await document.save();
    }
  }

  private announce(document: vscode.TextDocument, state: DocumentState): void {
    if (state.revisions.settle(document.getText())) {
      this.states.fireFileChange(state);
      this.states.fireChange(state);
    }
    this.look(document);
  }

  private close({ uri, isClosed }: vscode.TextDocument): void {
    // Changing the language mode closes and reopens the document although its tab stays, unsaved changes included.
    const state = this.states.peek(uri);
    if (isClosed && state) {
      this.states.close(state);
    }
  }
}

const isShown = (document: vscode.TextDocument): boolean =>
  vscode.window.visibleTextEditors.some((editor) => editor.document === document);
