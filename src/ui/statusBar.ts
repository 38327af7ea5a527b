import * as vscode from 'vscode';
import { commandName } from './commandIds';
import { asLines, asText } from '../json/visibleText';

/** How long a message about something completed stays, and how long one that a click undoes. */
const shownMs = 5000;
const undoableMs = 15_000;

let undoable: vscode.StatusBarItem | undefined;

/**
 * Shows in the status bar what was done, for a few seconds.
 *
 * @param undo the command that takes it back with a click
 */
export function showInStatusBar(icon: string, text: string, undo?: 'undoLastSave'): void {
  const shown = `$(${icon}) ${asText(text)}`;
  // What a click takes back is the last save, so that no earlier one stays.
  undoable?.dispose();
  if (!undo) {
    vscode.window.setStatusBarMessage(shown, shownMs);
    return;
  }
  const item = vscode.window.createStatusBarItem(
    'posthogEnvironments.receipt',
    vscode.StatusBarAlignment.Left,
    -1000,
  );
  undoable = item;
  item.name = 'PostHog: what was saved last';
  item.text = `${shown} $(discard)`;
  item.tooltip = 'Click to undo this save.';
  item.command = commandName(undo);
  item.show();
  setTimeout(() => item.dispose(), undoableMs);
}

/** The contents of a status bar item. */
export interface StatusText {
  icon: string;
  text: string;
  tooltip: readonly string[];
  /** The command to run on click, if any. */
  command: string | undefined;
  /** The text for screen readers. */
  spoken: string;
}

/** A status bar item, hidden until it is first shown. */
export class StatusEntry implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private shown = '';

  constructor(id: string, name: string, priority: number) {
    this.item = vscode.window.createStatusBarItem(id, vscode.StatusBarAlignment.Left, priority);
    this.item.name = name;
  }

  show(status: StatusText): void {
    const { icon, text, tooltip, command, spoken } = status;
    const shown = JSON.stringify(status);
    if (shown === this.shown) {
      return;
    }
    this.shown = shown;
    this.item.text = `$(${icon}) ${asText(text)}`;
    this.item.tooltip = asLines(tooltip);
    this.item.command = command;
    this.item.accessibilityInformation = { label: asText(spoken) };
    this.item.show();
  }

  hide(): void {
    this.shown = '';
    this.item.hide();
  }

  dispose(): void {
    this.item.dispose();
  }
}
