import * as vscode from 'vscode';
import { askInBox } from './askInBox';
import { searchPick } from './searchPick';

/** One row of a quick pick, with the value it stands for. */
export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
}

/** What an input box asks. */
export interface Question {
  title: string;
  prompt: string;
  value?: string;
  placeHolder?: string;
  password?: boolean;
  /** A page that helps with the answer, behind a button of the box. */
  link?: { tooltip: string; url: string };
  /** Why the answer before was not taken. Shown until the text changes. */
  problem?: string;
  /** The message to show under the box, or `undefined` when the text will do. */
  validate?(text: string): string | undefined | Promise<string | undefined>;
}

export type Severity = 'information' | 'warning' | 'error';

/**
 * Everything the extension asks or tells outside its own editors and views. A port, so that host tests can
 * script the answers: VS Code refuses modal dialogs in test mode.
 */
export interface Prompts {
  /** `undefined`: the person cancelled. */
  pick<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    options: { title: string; placeHolder: string },
  ): Promise<T | undefined>;
  /** A pick whose rows come from a search as the person types. Failures of the search are shown in the pick. */
  search<T>(
    find: (text: string, signal: AbortSignal) => Promise<readonly Choice<T>[]>,
    options: { title: string; placeHolder: string },
  ): Promise<T | undefined>;
  /** Like {@link pick}, for several. `undefined`: cancelled. */
  pickMany<T>(
    choices: readonly Choice<T>[],
    options: { title: string; placeHolder: string },
  ): Promise<readonly T[] | undefined>;
  /** `undefined`: the person cancelled. An empty string is an answer. */
  ask(question: Question): Promise<string | undefined>;
  /** A modal question. Resolves to the button chosen, `undefined` when cancelled. */
  confirm<T extends string>(
    message: string,
    options: { detail: string; severity?: Severity },
    ...buttons: T[]
  ): Promise<T | undefined>;
  /** A notification with at most a few buttons. Resolves to the button chosen, `undefined` when dismissed. */
  tell<T extends string>(severity: Severity, message: string, ...buttons: T[]): Promise<T | undefined>;
  /** A file to read, `undefined` when cancelled. */
  openFile(options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined>;
}

const show = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const;

/** The prompts of the real window. */
export const windowPrompts: Prompts = {
  async pick<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    options: { title: string; placeHolder: string },
  ): Promise<T | undefined> {
    const chosen = await vscode.window.showQuickPick(Promise.resolve(choices), {
      ...options,
      ignoreFocusOut: true,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return chosen?.value;
  },
  search: searchPick,
  async pickMany(choices, options) {
    const chosen = await vscode.window.showQuickPick(choices, {
      ...options,
      canPickMany: true,
      ignoreFocusOut: true,
      matchOnDescription: true,
    });
    return chosen?.map(({ value }) => value);
  },
  ask: askInBox,
  async confirm(message, { detail, severity = 'warning' }, ...buttons) {
    return show[severity](message, { modal: true, detail }, ...buttons);
  },
  async tell(severity, message, ...buttons) {
    return show[severity](message, ...buttons);
  },
  async openFile(options) {
    return (await vscode.window.showOpenDialog({ ...options, canSelectMany: false }))?.[0];
  },
};
