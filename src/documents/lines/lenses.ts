import * as vscode from 'vscode';
import { asText } from '../../json/visibleText';
import { commandOf } from '../../ui/commandIds';
import { lensTitle } from '../../ui/lensTitle';
import type { Documents } from '../documents';
import type { DocumentState } from '../documentState';
import { takesEdits } from '../uris/uri';
import type { LensSource } from './documentLenses';

/**
 * Shows at the top of a read-only document why it is read-only, and at the top of a draft of a proposal what it is. In
 * settings, both offer to propose a change.
 */
export class ReadOnlyLens implements LensSource, vscode.Disposable {
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  /** The last reason shown. Requesting the same lens again would cost every save a round trip to the window. */
  private readonly said = new WeakMap<DocumentState, string>();

  constructor(private readonly documents: Documents) {
    this.onDidChangeCodeLenses = this.changed.event;
    this.subscriptions = [this.changed, documents.onDidChangeState((state) => this.say(state))];
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const state = this.documents.peek(uri);
    const said = state && saidOf(state);
    if (!said) {
      return [];
    }
    const top = new vscode.Range(0, 0, 0, 0);
    const { target, view } = state;
    const canPropose = target.kind === 'settings' && takesEdits(view);
    return [
      // First: in a narrow editor, anything after a sentence is cut off.
      ...(canPropose ? [new vscode.CodeLens(top, commandOf('proposeChange', 'Propose Change…', uri))] : []),
      new vscode.CodeLens(top, { title: lensTitle(said.icon, asText(said.text)), command: '' }),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private say(state: DocumentState): void {
    const text = saidOf(state)?.text ?? '';
    if (this.said.get(state) !== text) {
      this.said.set(state, text);
      this.changed.fire();
    }
  }
}

function saidOf({ view, readOnly }: DocumentState): { icon: string; text: string } | undefined {
  if (view === 'proposal') {
    return {
      icon: 'edit',
      text: 'Draft of a proposal: edit it, then propose the change. It is never sent to PostHog.',
    };
  }
  return readOnly === undefined ? undefined : { icon: 'lock', text: readOnly };
}
