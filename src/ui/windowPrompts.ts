import * as vscode from 'vscode';
import type { Prompts } from './prompts';
import { asLines, asText } from '../json/visibleText';

const show = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const;

/** The prompts of the real window. Code that only some questions need is loaded with the first one. */
export const windowPrompts: Prompts = {
  async pick(choices, options) {
    return (await import('./quickPick')).pickOne(choices, options);
  },
  async search(find, options) {
    return (await import('./searchPick')).searchPick(find, options);
  },
  async pickMany(choices, options) {
    return (await import('./quickPick')).pickMany(choices, options);
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
  async saveFile(options) {
    return vscode.window.showSaveDialog(options);
  },
};
