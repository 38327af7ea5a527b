import * as vscode from 'vscode';
import { commandName } from './commandIds';
import { asLines, asText } from '../json/visibleText';

/** How long to show a message about something completed, and one that can be undone with a click. */
const shownMs = 5000;
const undoableMs = 15_000;

/** VS Code is still completing the save, and redraws the status bar only afterwards. */
const afterSaveMs = 100;

let undoable: vscode.StatusBarItem | undefined;
let timer: NodeJS.Timeout | undefined;

/**
 * Shows what was done in the status bar, for a few seconds.
 *
 * @param undo the command that undoes it with a click
 */
export function showInStatusBar(icon: string, text: string, undo?: 'undoLastSave'): void {
  const shown = `$(${icon}) ${asText(text)}`;
  clearTimeout(timer);
  if (undo) {
    timer = setTimeout(() => showUndoable(shown, undo), afterSaveMs);
  } else {
    // A click undoes the last save, so no earlier message can stay.
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
    // Hiding what is hidden still sends a message to the window.
    if (this.shown !== '') {
      this.shown = '';
      this.item.hide();
    }
  }

  dispose(): void {
    this.item.dispose();
  }
}
