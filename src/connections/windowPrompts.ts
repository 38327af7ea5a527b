import * as vscode from 'vscode';
import { withoutLinks } from './failures';
import { pickInBox } from './pickInBox';
import type { Choice, PickOptions, Prompts } from './prompts';

const show = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const;

/** The prompts of the real window. What only a question needs is loaded with the first one. */
export const windowPrompts: Prompts = {
  async pick<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    options: PickOptions<T>,
  ): Promise<T | undefined> {
    if (options.active !== undefined || options.back) {
      return pickInBox(choices, options);
    }
    const { title, placeHolder } = options;
    const chosen = await vscode.window.showQuickPick(Promise.resolve(choices), {
      title,
      placeHolder,
      ignoreFocusOut: true,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return chosen?.value;
  },
  async search(find, options) {
    return (await import('./searchPick')).searchPick(find, options);
  },
  async pickMany(choices, options) {
    const chosen = await vscode.window.showQuickPick(choices, {
      ...options,
      canPickMany: true,
      ignoreFocusOut: true,
      matchOnDescription: true,
    });
    return chosen?.map(({ value }) => value);
  },
  async ask(question) {
    return (await import('./askInBox')).askInBox(question);
  },
  async confirm(message, { detail, severity = 'warning' }, ...buttons) {
    return show[severity](message, { modal: true, detail }, ...buttons);
  },
  async tell(severity, message, ...buttons) {
    return show[severity](withoutLinks(message), ...buttons);
  },
  async openFile(options) {
    return (await vscode.window.showOpenDialog({ ...options, canSelectMany: false }))?.[0];
  },
};
