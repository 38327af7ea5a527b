import * as vscode from 'vscode';
import { asLines, asText } from '../json/visibleText';

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
