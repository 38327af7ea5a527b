import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { Choice, Prompts, Question, Severity } from '../../../src/ui/prompts';

/** The row that Enter chooses unless the user moves to another one. */
export const firstRow = Symbol('first row');

/** One scripted answer. `undefined` stands for Esc. */
type Step =
  | { kind: 'pick'; label: string | undefined }
  | { kind: 'search'; text: string; label: string | typeof firstRow | undefined }
  | { kind: 'pickMany'; labels: readonly string[] | undefined }
  | { kind: 'ask'; text: string | undefined }
  | { kind: 'confirm'; button: string | undefined; meanwhile?: () => unknown }
  | { kind: 'notify'; button: string | undefined }
  | { kind: 'openFile'; uri: vscode.Uri | undefined }
  | { kind: 'saveFile'; uri: vscode.Uri | undefined };

/** Picks the row with this label. */
export const pick = (label: string | undefined): Step => ({ kind: 'pick', label });
/** Types into a search, then picks the row with this label. */
export const search = (text: string, label: string | typeof firstRow | undefined): Step => ({
  kind: 'search',
  text,
  label,
});
export const pickMany = (labels: readonly string[] | undefined): Step => ({ kind: 'pickMany', labels });
/** Types into an input box. */
export const type = (text: string | undefined): Step => ({ kind: 'ask', text });
/** Presses a button of a modal question. */
export const confirm = (button: string | undefined): Step => ({ kind: 'confirm', button });
/** Presses a button of a modal question, after something else has happened. */
export const confirmAfter = (meanwhile: () => unknown, button: string | undefined): Step => ({
  ...{ kind: 'confirm', button, meanwhile },
});
/** Presses a button of a notification. Notifications without a step are only recorded. */
export const press = (button: string | undefined): Step => ({ kind: 'notify', button });
export const openFile = (uri: vscode.Uri | undefined): Step => ({ kind: 'openFile', uri });
/** Chooses where to write a file. */
export const saveFile = (uri: vscode.Uri | undefined): Step => ({ kind: 'saveFile', uri });
/** Esc in whatever is asked next. */
export const canceled = {
  pick: pick(undefined),
  type: type(undefined),
  confirm: confirm(undefined),
};

/** Titles of what is asked before there is a connection, or about settings and files wherever they are. */
const placeless =
  /^(Add Connection|Send the API key|Find (Environment, Table, or )?Setting|.* doesn't recognize this key|(Open|Apply) Proposed Change|Apply Settings File|Compare .* File|Pull)/;

const rowTexts = (row: {
  label: string;
  description?: string;
  detail?: string;
}): readonly (string | undefined)[] => [row.label, row.description, row.detail];

const plain = ({ label }: { label: string }): string => label.replace(/\$\([\w~-]+\) ?/g, '');

/**
 * Answers prompts according to a script. A question without an answer, an answer without a question, and one of another
 * kind are failures, which {@link finish} throws even if the command under test has caught them.
 */
export class ScriptedPrompts implements Prompts {
  readonly told: { severity: Severity; message: string; buttons: readonly string[] }[] = [];
  readonly asked: Question[] = [];
  readonly confirmed: { message: string; detail: string }[] = [];
  /** The titles of everything that was asked, in order; of a modal question, its message. */
  readonly titles: string[] = [];
  /** The labels of every list shown. */
  readonly offered: string[][] = [];
  /** The label that was initially active in each pick. */
  readonly marked: (string | undefined)[] = [];
  /** Options of file dialogs. */
  readonly dialogs: vscode.OpenDialogOptions[] = [];
  /** Options of save dialogs. */
  readonly saveDialogs: vscode.SaveDialogOptions[] = [];
  /** The descriptions in the last list. */
  descriptions: readonly (string | undefined)[] = [];
  /** The whole text of everything that was asked, in order: titles, rows and all. */
  readonly texts: string[] = [];
  /** The labels of all connections: whatever is asked about a place must name one. */
  labels: () => readonly string[] = () => [];
  readonly #mistakes: string[] = [];
  #steps: Step[];
  readonly #waiting: (() => void)[] = [];

  constructor(...steps: Step[]) {
    this.#steps = steps;
  }

  /** Everything that was shown and asked, as one text. */
  get allText(): string {
    return JSON.stringify([this.told, this.asked, this.confirmed, this.offered]);
  }

  /** Waits for a notification, and returns its buttons. */
  async tells(pattern: RegExp): Promise<readonly string[]> {
    for (;;) {
      const found = this.told.find(({ message }) => pattern.test(message));
      if (found) {
        return found.buttons;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** @throws AssertionError if the script wasn't followed to its end */
  finish(): void {
    assert.deepEqual(this.#mistakes, []);
    assert.deepEqual(this.#steps, [], 'there are unused answers');
    assert.doesNotMatch(
      this.allText,
      /FileSystemError|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/i,
      'not meant for users',
    );
  }

  async pick<T>(
    choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
    { title, active, placeHolder }: { title: string; active?: T; placeHolder?: string },
  ): Promise<T | undefined> {
    const rows = await choices;
    this.#saw(title, placeHolder, ...rows.flatMap(rowTexts));
    this.offered.push(rows.map(plain));
    this.marked.push(rows.filter(({ value }) => value === active).map(plain)[0]);
    const { label } = this.#next('pick', title);
    return label === undefined ? undefined : this.#row(rows, label).value;
  }

  async search<T>(
    find: (text: string, signal: AbortSignal) => Promise<readonly Choice<T>[]>,
    { title }: { title: string },
  ): Promise<T | undefined> {
    const { text, label } = this.#next('search', title);
    const rows = await find(text, new AbortController().signal);
    this.#saw(title, ...rows.flatMap(rowTexts));
    this.offered.push(rows.map(plain));
    this.descriptions = rows.map(({ description }) => description);
    if (label === firstRow) {
      return (rows[0] ?? this.#fail(`nothing was found for ${JSON.stringify(text)}`)).value;
    }
    return label === undefined ? undefined : this.#row(rows, label).value;
  }

  async pickMany<T>(
    choices: readonly Choice<T>[],
    { title }: { title: string },
  ): Promise<readonly T[] | undefined> {
    this.offered.push(choices.map(plain));
    this.#saw(title, ...choices.flatMap(rowTexts));
    const { labels } = this.#next('pickMany', title);
    return labels?.map((label) => this.#row(choices, label).value);
  }

  async ask(question: Question): Promise<string | undefined> {
    this.asked.push(question);
    this.#saw(question.title, question.prompt);
    const { text } = this.#next('ask', question.title);
    const problem = text === undefined ? undefined : await question.validate?.(text);
    if (problem !== undefined) {
      this.#fail(`"${question.title}" does not take ${JSON.stringify(text)}: ${problem}`);
    }
    return text;
  }

  async confirm<T extends string>(
    message: string,
    { detail }: { detail: string | readonly string[] },
    ...buttons: T[]
  ): Promise<T | undefined> {
    this.confirmed.push({ message, detail: typeof detail === 'string' ? detail : detail.join('\n') });
    this.#saw(message, typeof detail === 'string' ? detail : detail.join('\n'));
    const { button, meanwhile } = this.#next('confirm', message);
    await meanwhile?.();
    return this.#button(button, buttons);
  }

  async notify<T extends string>(
    severity: Severity,
    message: string,
    ...buttons: T[]
  ): Promise<T | undefined> {
    this.told.push({ severity, message, buttons });
    this.#waiting.splice(0).forEach((tell) => tell());
    return this.#steps[0]?.kind === 'notify'
      ? this.#button(this.#next('notify', message).button, buttons)
      : undefined;
  }

  async openFile(options: vscode.OpenDialogOptions): Promise<vscode.Uri | undefined> {
    this.dialogs.push(options);
    this.#saw(options.title ?? '');
    return this.#next('openFile', options.title ?? '').uri;
  }

  async saveFile(options: vscode.SaveDialogOptions): Promise<vscode.Uri | undefined> {
    this.saveDialogs.push(options);
    this.#saw(options.title ?? '');
    return this.#next('saveFile', options.title ?? '').uri;
  }

  #saw(title: string, ...more: readonly (string | undefined)[]): void {
    const text = [title, ...more].filter((part) => part !== undefined).join('\n');
    this.texts.push(text);
    const labels = this.labels();
    if (labels.length > 0 && !placeless.test(title) && !labels.some((label) => text.includes(label))) {
      this.#mistakes.push(`11.4: no connection is named in:\n${text}`);
    }
  }

  #next<K extends Step['kind']>(kind: K, what: string): Extract<Step, { kind: K }> {
    this.titles.push(what);
    const step = this.#steps[0];
    if (step?.kind !== kind) {
      this.#fail(`asked for "${kind}" (${what}), the script has ${JSON.stringify(step)}`);
    }
    this.#steps.shift();
    return step as Extract<Step, { kind: K }>;
  }

  #row<T>(rows: readonly Choice<T>[], label: string): Choice<T> {
    return (
      rows.find((row) => plain(row) === label) ??
      this.#fail(`there is no "${label}" among ${rows.map(plain).join(', ')}`)
    );
  }

  #button<T extends string>(button: string | undefined, buttons: readonly T[]): T | undefined {
    return button === undefined
      ? undefined
      : (buttons.find((one) => one === button) ??
          this.#fail(`there is no button "${button}" among ${buttons.join(', ')}`));
  }

  #fail(mistake: string): never {
    this.#mistakes.push(mistake);
    throw new Error(mistake);
  }
}
