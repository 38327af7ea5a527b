import type * as vscode from 'vscode';

/** Composition root: builds, registers, disposes. Nothing else. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push();
}
