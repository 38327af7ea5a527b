import * as vscode from 'vscode';
import type { Question } from './prompts';
import { asText } from '../json/visibleText';

/** Asks in an input box. Esc cancels; invalid text isn't accepted and stays in the box. */
export async function askInBox(question: Question): Promise<string | undefined> {
  const box = vscode.window.createInputBox();
  box.title = asText(question.title);
  box.prompt = asText(question.prompt);
  box.value = question.value ?? '';
  box.placeholder = question.placeHolder && asText(question.placeHolder);
  box.password = question.password ?? false;
  box.ignoreFocusOut = true;
  const { link, back, validate, problem } = question;
  box.buttons = [
    ...(back ? [vscode.QuickInputButtons.Back] : []),
    ...(link ? [{ iconPath: new vscode.ThemeIcon('link-external'), tooltip: asText(link.tooltip) }] : []),
  ];
  box.onDidTriggerButton((button) => {
    if (button === vscode.QuickInputButtons.Back) {
      back?.(box.value);
      box.hide();
    } else if (link) {
      void vscode.env.openExternal(vscode.Uri.parse(link.url));
    }
  });
  box.validationMessage = problem && asText(problem);
  const check = async (): Promise<boolean> => {
    const text = box.value;
    const message = await validate?.(text);
    if (text === box.value) {
      box.validationMessage = message && asText(message);
    }
    return message === undefined;
  };
  return new Promise<string | undefined>((resolve) => {
    // An empty box shows no error before anything was typed.
    box.onDidChangeValue(() => {
      if (box.value === '') {
        box.validationMessage = undefined;
      } else {
        void check();
      }
    });
    box.onDidAccept(async () => {
      const { value } = box;
      if ((await check()) && value === box.value) {
        resolve(value);
        box.hide();
      }
    });
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}
