import * as vscode from 'vscode';
import type { Choice, PickOptions, Prompts } from './prompts';
import { pickInBox, rowsOf } from './quickPick';
import { asLines, asText } from '../json/visibleText';

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
    const chosen = await vscode.window.showQuickPick(shownRows(choices), {
      title: asText(options.title),
      placeHolder: asText(options.placeHolder),
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
    const chosen = await vscode.window.showQuickPick(rowsOf(choices), {
      title: asText(options.title),
      placeHolder: asText(options.placeHolder),
      canPickMany: true,
      ignoreFocusOut: true,
      matchOnDescription: true,
    });
    return chosen?.map(({ value }) => value);
  },
  async ask(question) {
    return (await import('./inputBox')).askInBox(question);
  },
  async confirm(message, { detail, severity = 'warning' }, ...buttons) {
    return show[severity](asText(message), { modal: true, detail: asLines(detail) }, ...buttons);
  },
  async notify(severity, message, ...buttons) {
    return show[severity](asText(message), ...buttons);
  },
  async openFile(options) {
    return (await vscode.window.showOpenDialog({ ...options, canSelectMany: false }))?.[0];
  },
};

async function shownRows<T>(
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
): Promise<Choice<T>[]> {
  return rowsOf(await choices);
}
