import * as vscode from 'vscode';
import { failureText, isCanceled, withTechnical } from '../connections/failures';
import { isPostHogError } from '../posthog/errors';
import type { Choice, SearchOptions } from './prompts';
import { rowsOf } from './quickPick';
import { asText } from '../json/visibleText';

/** How long to wait after typing before querying the server. */
const restMs = 200;

/** Says why a search failed, in place of its rows. */
interface FailureRow extends vscode.QuickPickItem {
  readonly failed: true;
}

/** A quick pick whose rows come from a server. The latest search wins; earlier ones are aborted. */
export async function searchPick<T>(
  find: (
    text: string,
    signal: AbortSignal,
    show: (choices: readonly Choice<T>[]) => void,
  ) => Promise<readonly Choice<T>[]>,
  options: SearchOptions,
): Promise<T | undefined> {
  const pick = vscode.window.createQuickPick<Choice<T> | FailureRow>();
  pick.title = asText(options.title);
  pick.placeholder = asText(options.placeHolder);
  pick.value = options.value ?? '';
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  let controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  /** The text that these rows match. */
  let answered: string | undefined;

  const search = async (): Promise<void> => {
    controller.abort();
    controller = new AbortController();
    const { signal } = controller;
    const text = pick.value;
    pick.busy = true;
    try {
      const found = await find(text, signal, (choices) => {
        if (!signal.aborted && choices.length > 0) {
          answered = text;
          pick.items = rowsOf(choices);
        }
      });
      if (!signal.aborted) {
        answered = text;
        pick.items = rowsOf(found);
        pick.title = asText(found.length === 0 ? `${options.title}: no results` : options.title);
      }
    } catch (error) {
      if (!signal.aborted) {
        // Enter searches again.
        answered = undefined;
        pick.items = isCanceled(error) ? [] : [failureRow(error, options)];
        pick.title = asText(options.title);
      }
    } finally {
      if (!signal.aborted) {
        pick.busy = false;
      }
    }
  };

  return new Promise<T | undefined>((resolve) => {
    pick.onDidChangeValue(() => {
      clearTimeout(timer);
      timer = setTimeout(() => void search(), restMs);
    });
    pick.onDidAccept(async () => {
      // Enter right after typing means the best match for that text, not for the previous one.
      const stale = answered !== pick.value;
      if (stale) {
        clearTimeout(timer);
        await search();
        if (answered !== pick.value) {
          // It failed, or the text changed meanwhile.
          return;
        }
      }
      const chosen = stale ? namedBy(pick.value, pick.items) : pick.selectedItems[0];
      if (chosen && !('failed' in chosen)) {
        resolve(chosen.value);
        pick.hide();
      }
    });
    pick.onDidHide(() => {
      clearTimeout(timer);
      controller.abort();
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
    void search();
  });
}

/**
 * The row that a text means without anyone having seen the rows: VS Code shows it first, whatever the server's order.
 * `undefined` if another one could be meant as well; then the rows are shown, and another Enter accepts.
 */
function namedBy<R extends vscode.QuickPickItem>(typed: string, rows: readonly R[]): R | undefined {
  const text = typed.trim().toLowerCase();
  const labels = rows.map((row) => ({ row, label: row.label.toLowerCase() }));
  const exact = labels.find(({ label }) => label === text);
  if (exact) {
    return exact.row;
  }
  const starting = text === '' ? [] : labels.filter(({ label }) => label.startsWith(text));
  const shortest = Math.min(...starting.map(({ label }) => label.length));
  const [first, ...others] =
    starting.length > 0
      ? starting.filter(({ label }) => label.length === shortest)
      : labels.filter(({ label }) => rows.length === 1 && label.includes(text));
  return others.length === 0 ? first?.row : undefined;
}

function failureRow(error: unknown, { log }: SearchOptions): FailureRow {
  const text = failureText(error, log);
  if (!isPostHogError(error)) {
    return { label: asText(text), iconPath: new vscode.ThemeIcon('error'), alwaysShow: true, failed: true };
  }
  log.warn(withTechnical(text, error));
  return {
    label: asText(error.what),
    detail: asText([error.why, error.remedy].filter(Boolean).join(' ')),
    iconPath: new vscode.ThemeIcon('error'),
    alwaysShow: true,
    failed: true,
  };
}
