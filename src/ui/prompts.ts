import type * as vscode from 'vscode';
import type { Log } from '../connections/ports';

/** A row of a quick pick, and the value it represents. */
export interface Choice<T> extends vscode.QuickPickItem {
  value: T;
  /** Shows a warning icon before the description. */
  warning?: boolean;
}

/** Options of an input box. */
export interface Question {
  title: string;
  prompt: string;
  value?: string;
  placeHolder?: string;
  password?: boolean;
  /** A web page that helps with the answer, opened by a button of the box. */
  link?: { tooltip: string; url: string };
  /** Why the previous answer was rejected. Shown until the text changes. */
  problem?: string;
  /** Adds a Back button; the box then closes without a value. */
  back?(typed: string): void;
  /** The message to show under the box; `undefined` if the text is valid. */
  validate?(text: string): string | undefined | Promise<string | undefined>;
}

/** Options of a quick pick. */
export interface PickOptions<T> {
  title: string;
  placeHolder: string;
  /** The initially active row. */
  active?: T;
  /** Adds a Back button; the pick then closes without a value. */
  back?(): void;
}

/** Options of a search. */
export interface SearchOptions {
  title: string;
  placeHolder: string;
  /** The initial text. */
  value?: string;
  /** Where to log failures of the search. */
  log: Log;
}

export type Severity = 'information' | 'warning' | 'error';

/**
 * Everything the extension asks or shows outside its own editors and views. All texts are plain text: nothing in a name
 * becomes a link, an icon or another reading direction. It's a port, so that host tests can script the answers, because
 * VS Code rejects modal dialogs in test mode.
 */
export interface Prompts {
  /** `undefined`: the user canceled. */
  pick<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    options: PickOptions<T>,
  ): Promise<T | undefined>;
  /**
   * A quick pick whose rows come from a search while typing. Search errors are shown in the pick.
   *
   * @param find `show` shows the rows found before the search is complete
   */
  search<T>(
    find: (
      text: string,
      signal: AbortSignal,
      show?: (choices: readonly Choice<T>[]) => void,
    ) => Promise<readonly Choice<T>[]>,
    options: SearchOptions,
  ): Promise<T | undefined>;
  /** Like {@link pick}, for several rows. `undefined`: canceled. */
  pickMany<T>(
    choices: readonly Choice<T>[],
    options: { title: string; placeHolder: string },
  ): Promise<readonly T[] | undefined>;
  /** `undefined`: the user canceled. An empty string is an answer. */
  ask(question: Question): Promise<string | undefined>;
  /** A modal dialog; its detail can have several lines. Resolves to the chosen button, or `undefined` if canceled. */
  confirm<T extends string>(
    message: string,
    options: { detail: string | readonly string[]; severity?: Severity },
    ...buttons: T[]
  ): Promise<T | undefined>;
  /** A notification with a few buttons at most. Resolves to the chosen button, or `undefined` if dismissed. */
  notify<T extends string>(severity: Severity, message: string, ...buttons: T[]): Promise<T | undefined>;
  /** A file to read; `undefined` if canceled. */
  openFile(options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined>;
  /** Where to write a file; `undefined` if canceled. The dialog asks before replacing a file. */
  saveFile(options: vscode.SaveDialogOptions): Promise<vscode.Uri | undefined>;
}
