import * as vscode from 'vscode';
import { commandName } from './commandIds';
import { asLines, asText } from '../json/visibleText';

/** How long a message about something completed stays, and how long one that a click undoes. */
const shownMs = 5000;
const undoableMs = 15_000;

/** VS Code is still finishing the save that is told of, and draws the status bar only after that. */
const afterSaveMs = 100;

let undoable: vscode.StatusBarItem | undefined;
let timer: NodeJS.Timeout | undefined;

/**
 * Shows in the status bar what was done, for a few seconds.
 *
 * @param undo the command that takes it back with a click
 */
export function showInStatusBar(icon: string, text: string, undo?: 'undoLastSave'): void {
  const shown = `$(${icon}) ${asText(text)}`;
  clearTimeout(timer);
  if (undo) {
    timer = setTimeout(() => showUndoable(shown, undo), afterSaveMs);
  } else {
    // What a click takes back is the last save, so that no earlier one stays.
    hideUndoable();
    vscode.window.setStatusBarMessage(shown, shownMs);
  }
}

function showUndoable(shown: string, undo: 'undoLastSave'): void {
  undoable ??= vscode.window.createStatusBarItem(
    'posthogEnvironments.receipt',
    vscode.StatusBarAlignment.Left,
    -1000,
  );
  undoable.name = 'PostHog: Last Save';
  undoable.text = `${shown} $(discard)`;
  undoable.tooltip = 'Click to undo this save.';
  undoable.command = commandName(undo);
  undoable.show();
  timer = setTimeout(hideUndoable, undoableMs);
}

function hideUndoable(): void {
  undoable?.dispose();
  undoable = undefined;
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
    // Hiding what is hidden is still a message to the window.
    if (this.shown !== '') {
      this.shown = '';
      this.item.hide();
    }
  }

  dispose(): void {
    this.item.dispose();
  }
}
