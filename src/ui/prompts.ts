import type * as vscode from 'vscode';

/** One row of a quick pick, with the value it stands for. */
export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
  /** Puts a warning sign before the description. */
  warning?: boolean;
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
  /** Adds a button that goes back to the question before; the box then ends without an answer. */
  back?(typed: string): void;
  /** The message to show under the box, or `undefined` when the text will do. */
  validate?(text: string): string | undefined | Promise<string | undefined>;
}

/** What a quick pick asks. */
export interface PickOptions<T> {
  title: string;
  placeHolder: string;
  /** The row that is marked at first. */
  active?: T;
  /** Adds a button that goes back to the question before; the pick then ends without an answer. */
  back?(): void;
}

export type Severity = 'information' | 'warning' | 'error';

/**
 * Everything the extension asks or tells outside its own editors and views. Texts are text: whatever a name holds is
 * shown, and nothing of it becomes a link, an icon or another direction of reading. A port, so that host tests can
 * script the answers: VS Code refuses modal dialogs in test mode.
 */
export interface Prompts {
  /** `undefined`: the person cancelled. */
  pick<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    options: PickOptions<T>,
  ): Promise<T | undefined>;
  /**
   * A pick whose rows come from a search as the person types. Failures of the search are shown in the pick.
   *
   * @param find `show` shows the rows that are there before the search has come to its end
   * @param options `value`: what is typed already
   */
  search<T>(
    find: (
      text: string,
      signal: AbortSignal,
      show?: (choices: readonly Choice<T>[]) => void,
    ) => Promise<readonly Choice<T>[]>,
    options: { title: string; placeHolder: string; value?: string },
  ): Promise<T | undefined>;
  /** Like {@link pick}, for several. `undefined`: cancelled. */
  pickMany<T>(
    choices: readonly Choice<T>[],
    options: { title: string; placeHolder: string },
  ): Promise<readonly T[] | undefined>;
  /** `undefined`: the person cancelled. An empty string is an answer. */
  ask(question: Question): Promise<string | undefined>;
  /** A modal question; its detail may be several lines. Resolves to the button chosen, `undefined` when cancelled. */
  confirm<T extends string>(
    message: string,
    options: { detail: string | readonly string[]; severity?: Severity },
    ...buttons: T[]
  ): Promise<T | undefined>;
  /** A notification with at most a few buttons. Resolves to the button chosen, `undefined` when dismissed. */
  notify<T extends string>(severity: Severity, message: string, ...buttons: T[]): Promise<T | undefined>;
  /** A file to read, `undefined` when cancelled. */
  openFile(options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined>;
}
