import * as vscode from 'vscode';
import type { Choice, PickOptions } from './prompts';
import { asText } from '../json/visibleText';

/** The rows of a pick as VS Code shows them. */
export function rowsOf<T>(choices: readonly Choice<T>[]): Choice<T>[] {
  return choices.map((choice) => {
    const { label, description, detail, warning } = choice;
    return {
      ...choice,
      label: asText(label),
      ...(description !== undefined && {
        description: `${warning ? '$(warning) ' : ''}${asText(description)}`,
      }),
      ...(detail !== undefined && { detail: asText(detail) }),
    };
  });
}

/** Asks for one of several choices. Esc cancels. */
export async function pickOne<T>(
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  options: PickOptions<T>,
): Promise<T | undefined> {
  if (options.active !== undefined || options.back) {
    return pickInBox(choices, options);
  }
  const rows = Promise.resolve(choices).then(rowsOf);
  const chosen = await vscode.window.showQuickPick(rows, {
    title: asText(options.title),
    placeHolder: asText(options.placeHolder),
    ignoreFocusOut: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.value;
}

/** Asks for any number of several choices. Esc cancels. */
export async function pickMany<T>(
  choices: readonly Choice<T>[],
  options: Pick<PickOptions<T>, 'title' | 'placeHolder'>,
): Promise<T[] | undefined> {
  const chosen = await vscode.window.showQuickPick(rowsOf(choices), {
    title: asText(options.title),
    placeHolder: asText(options.placeHolder),
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return chosen?.map(({ value }) => value);
}

/** A quick pick with an initially active row and a Back button. Esc cancels. */
async function pickInBox<T>(
  choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  options: PickOptions<T>,
): Promise<T | undefined> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  pick.title = asText(options.title);
  pick.placeholder = asText(options.placeHolder);
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const { back } = options;
  if (back) {
    pick.buttons = [vscode.QuickInputButtons.Back];
    pick.onDidTriggerButton(() => {
      back();
      pick.hide();
    });
  }
  return new Promise<T | undefined>((resolve, reject) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen) {
        resolve(chosen.value);
        pick.hide();
      }
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.busy = true;
    pick.show();
    Promise.resolve(choices).then(
      (found) => {
        const items = rowsOf(found);
        pick.busy = false;
        pick.items = items;
        const active = items.filter(({ value }) => value === options.active);
        if (active.length > 0) {
          pick.activeItems = active;
        }
      },
      (error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        pick.hide();
      },
    );
  });
}
