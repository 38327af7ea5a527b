import * as vscode from 'vscode';
import { asText } from '../json/visibleText';
import { commandName } from './commandIds';

/** How long to show a message about something completed, and one that can be undone with a click. */
const shownMs = 5000;
const undoableMs = 15_000;

/** VS Code is still completing the save, and redraws the status bar only afterwards. */
const afterSaveMs = 100;

/** Receipts within this time of each other are shown together: Save All and batches write several at once. */
const togetherMs = 1000;
const shownReceipts = 3;

let receipts: string[] = [];
let lastReceiptMs = -Infinity;
let undoable: vscode.StatusBarItem | undefined;
let timer: NodeJS.Timeout | undefined;

/** Shows what was done in the status bar, for a few seconds. */
export function showInStatusBar(icon: string, text: string): void {
  clearTimeout(timer);
  // A click undoes the last save, so no earlier message can stay.
  hideUndoable();
  vscode.window.setStatusBarMessage(`$(${icon}) ${asText(text)}`, shownMs);
}

/** Shows what was written to PostHog, with what was written just before. @param isUndoable whether a click undoes it */
export function showReceipt(text: string, isUndoable: boolean): void {
  const now = Date.now();
  receipts = now - lastReceiptMs < togetherMs ? [...receipts, text] : [text];
  lastReceiptMs = now;
  const more = receipts.length - shownReceipts;
  const shown = [...receipts.slice(-shownReceipts), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  if (isUndoable) {
    clearTimeout(timer);
    timer = setTimeout(() => showUndoable(`$(check) ${asText(shown)}`), afterSaveMs);
  } else {
    showInStatusBar('check', shown);
  }
}

function showUndoable(shown: string): void {
  undoable ??= vscode.window.createStatusBarItem(
    'posthogEnvironments.receipt',
    vscode.StatusBarAlignment.Left,
    -1000,
  );
  undoable.name = 'PostHog: Last Save';
  undoable.text = `${shown} $(discard)`;
  undoable.tooltip = receipts.length > 1 ? 'Click to undo the last save.' : 'Click to undo this save.';
  undoable.command = commandName('undoLastSave');
  undoable.show();
  timer = setTimeout(hideUndoable, undoableMs);
}

function hideUndoable(): void {
  undoable?.dispose();
  undoable = undefined;
}
