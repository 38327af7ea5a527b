import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually';
import { exactly, type QuickInput } from './quickInput';

/** The active editor and its tab. */
export class Editor {
  private readonly group: Locator;
  /** The focused text area. In a diff, that of the right side. */
  readonly content: Locator;

  constructor(
    private readonly page: Page,
    private readonly quickInput: QuickInput,
  ) {
    this.group = page.locator('.editor-group-container.active');
    this.content = this.group.locator('.monaco-editor').last();
  }

  /** Waits until the tab of the active editor has this title. */
  async shows(title: string, timeout?: number): Promise<void> {
    const options = timeout === undefined ? {} : { timeout };
    await this.group.locator(`.tab.active[data-resource-name="${title}"]`).waitFor(options);
    await this.content.locator('.view-lines').waitFor(options);
  }

  /** Waits until the active editor compares two texts under this title, with these words on the left and the right. */
  async showsDiff(title: string, left: string, right: string): Promise<void> {
    await this.group.locator(`.tab.active[aria-label^="${title}"]`).waitFor();
    const diff = this.group.locator('.monaco-diff-editor');
    await diff.locator('.original .view-line', { hasText: left }).first().waitFor();
    await diff.locator('.modified .view-line', { hasText: right }).first().waitFor();
  }

  /** The whole text, obtained by copying it. */
  async text(): Promise<string> {
    return eventually(async () => {
      await this.focus();
      await this.page.evaluate(() => navigator.clipboard.writeText(''));
      await this.page.keyboard.press('Control+a');
      await this.page.keyboard.press('Control+c');
      const copied = await this.page.evaluate(() => navigator.clipboard.readText());
      assert.notEqual(copied, '', 'nothing was copied from the editor');
      return copied;
    });
  }

  /** The selected text. */
  async selection(): Promise<string> {
    await this.page.evaluate(() => navigator.clipboard.writeText(''));
    await this.page.keyboard.press('Control+c');
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** The document, parsed. */
  async json(): Promise<Record<string, unknown>> {
    const value: unknown = JSON.parse(await this.text());
    assert.ok(isRecord(value), "the document isn't a JSON object");
    return value;
  }

  /** Replaces the whole text by pasting, because the editor would close typed brackets. */
  async setText(text: string): Promise<void> {
    await eventually(async () => {
      await this.focus();
      await this.page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
      await this.page.keyboard.press('Control+a');
      await this.page.keyboard.press('Control+v');
      assert.equal(await this.text(), text);
    });
  }

  /** Changes some top-level keys and returns the new text. */
  async change(changes: Readonly<Record<string, unknown>>): Promise<string> {
    const text = JSON.stringify({ ...(await this.json()), ...changes }, null, 2) + '\n';
    await this.setText(text);
    await this.isDirty();
    return text;
  }

  /** Presses Ctrl+S, without waiting for the result. */
  async pressSave(): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+s');
  }

  /** Saves, and waits until the editor is clean. */
  async save(): Promise<void> {
    await this.pressSave();
    await this.isClean();
  }

  async isDirty(): Promise<void> {
    await eventually(async () => assert.match(await this.tabClasses(), /\bdirty\b/));
  }

  async isClean(): Promise<void> {
    await eventually(async () => assert.doesNotMatch(await this.tabClasses(), /\bdirty\b/));
  }

  async focus(): Promise<void> {
    await this.page.keyboard.press('Control+1');
    await eventually(async () => {
      const input = this.content.locator('.native-edit-context, textarea.inputarea').first();
      await input.focus({ timeout: 2_000 });
      assert.ok(await this.content.evaluate((element) => element.classList.contains('focused')));
    });
  }

  /** Puts the cursor right after the first occurrence of a text, in the document as it is. */
  async cursorAfter(text: string, needle: string): Promise<void> {
    const offset = text.indexOf(needle);
    assert.ok(offset >= 0, `the document has no ${needle}`);
    const before = text.slice(0, offset + needle.length).split('\n');
    const [line, column] = [before.length, (before.at(-1) ?? '').length + 1];
    await eventually(async () => {
      await this.focus();
      await this.page.keyboard.press('Control+g');
      await this.quickInput.input.fill(`:${line}:${column}`, { timeout: 3_000 });
      await this.quickInput.accept();
      await this.quickInput.closed(3_000);
      // VS Code gives the focus back a moment later, and keys pressed in between are lost.
      await eventually(() => this.hasFocus(), 3_000);
      await eventually(async () => assert.deepEqual(await this.position(), { line, column }), 3_000);
    });
  }

  private async hasFocus(): Promise<void> {
    const input = this.content.locator('.native-edit-context, textarea.inputarea').first();
    assert.ok(await input.evaluate((element) => element === document.activeElement, { timeout: 2_000 }));
    assert.ok(await this.content.evaluate((element) => element.classList.contains('focused')));
  }

  /** Line and column of the cursor, according to the status bar. */
  async position(): Promise<{ line: number; column: number }> {
    const text = await this.page.locator('[id="status.editor.selection"]').innerText({ timeout: 2_000 });
    const [, line, column] = /Ln (\d+), Col (\d+)/.exec(text) ?? [];
    return { line: Number(line), column: Number(column) };
  }

  /** The suggestions at the cursor. */
  async completions(): Promise<readonly string[]> {
    const widget = this.page.locator('.suggest-widget.visible');
    const rows = widget.locator('.monaco-list-row .label-name');
    return eventually(async () => {
      if (!(await widget.isVisible())) {
        await this.page.keyboard.press('Control+Space');
      }
      try {
        await rows.first().waitFor({ timeout: 2_000 });
      } catch (error) {
        // VS Code sometimes leaves an empty list without a position behind, which only Escape closes.
        await this.page.keyboard.press('Escape');
        throw error;
      }
      return rows.allTextContents();
    });
  }

  /** Waits until the suggestions contain a text: VS Code may show some before all have arrived. */
  async offers(text: string): Promise<void> {
    await eventually(async () => {
      const labels = await this.completions();
      if (!labels.some((label) => label.includes(text))) {
        await this.page.keyboard.press('Escape');
        assert.fail(`there's no "${text}" among ${labels.join()}`);
      }
    });
  }

  /** Accepts a suggestion. The next list, such as values after a key, may already be open when this returns. */
  async complete(label: string): Promise<void> {
    const row = this.page
      .locator('.suggest-widget.visible .monaco-list-row .label-name', { hasText: exactly(label) })
      .first();
    await row.waitFor();
    // Suggestions that are just arriving replace the row, and it takes no click.
    await eventually(async () => {
      if (await row.isVisible()) {
        await row.click({ timeout: 2_000 });
      }
      await row.waitFor({ state: 'hidden', timeout: 3_000 });
    });
  }

  /** The text of the hover at the cursor. */
  async hover(): Promise<string> {
    const hover = this.page.locator(
      '.monaco-resizable-hover:visible .monaco-hover-content, .monaco-editor-hover:visible',
    );
    return eventually(async () => {
      // It closes by itself if the text or the focus changes.
      if (!(await hover.first().isVisible())) {
        await this.quickInput.run('Show or Focus Hover');
      }
      const text = await hover.first().innerText({ timeout: 2_000 });
      assert.doesNotMatch(text, /^\s*(Loading…?)?\s*$/);
      return text;
    });
  }

  /**
   * Waits until the problems of open documents, as listed in the Problems view, are as expected: they are found a moment
   * after the text changed.
   * @param check throws if they aren't
   */
  async problems(check: (problems: readonly string[]) => void): Promise<void> {
    await this.quickInput.run('Problems: Focus on Problems View');
    const panel = this.page.locator('.markers-panel');
    await panel.waitFor();
    await eventually(async () =>
      check(
        await panel
          .locator('.monaco-list-row .marker-icon')
          .locator('xpath=ancestor::*[contains(@class,"monaco-list-row")]')
          .evaluateAll((elements) => elements.map((element) => element.textContent)),
      ),
    );
    await eventually(async () => {
      if (await panel.isVisible()) {
        await this.page.keyboard.press('Control+j');
      }
      await panel.waitFor({ state: 'hidden', timeout: 3_000 });
    });
  }

  /** Waits for a problem whose text contains all of these. */
  async hasProblem(...parts: readonly string[]): Promise<void> {
    await this.problems((problems) =>
      assert.ok(
        problems.some((problem) => parts.every((part) => problem.includes(part))),
        `no problem says ${parts.join(' … ')}, only:\n${problems.join('\n')}`,
      ),
    );
  }

  /** Presses an action in the editor's title. */
  async titleAction(label: string): Promise<void> {
    await this.group.locator(`.editor-actions .action-label[aria-label^="${label}"]`).first().click();
  }

  /** The actions in the editor's title, except for the overflow menu. */
  async titleActions(): Promise<readonly string[]> {
    return this.group
      .locator('.editor-actions .action-label[aria-label]')
      .evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? ''));
  }

  /** Closes the active editor; the document stays open if another editor shows it. */
  async closeActive(): Promise<void> {
    const tabs = this.page.locator('.tab');
    const before = await tabs.count();
    await this.quickInput.run('View: Close Editor');
    await eventually(async () => assert.equal(await tabs.count(), before - 1));
  }

  /** The texts of code lenses. */
  async lens(pattern: RegExp): Promise<string> {
    const lens = this.content.locator('.codelens-decoration', { hasText: pattern });
    return lens.first().innerText();
  }

  /** Waits until a code lens stops moving: the editor positions lenses while it scrolls, so a click can miss. */
  async lensRests(text: RegExp | string): Promise<void> {
    const lens = this.content.locator('.codelens-decoration', { hasText: text }).first();
    let before = '';
    await eventually(async () => {
      const last = before;
      before = await lens.evaluate(
        (element) => {
          const { x, y } = element.getBoundingClientRect();
          return `${x},${y},${element.outerHTML}`;
        },
        undefined,
        { timeout: 2_000 },
      );
      assert.equal(before, last);
    });
  }

  /** Presses a code lens, once it stays where it is. */
  async pressLens(label: string): Promise<void> {
    await this.lensRests(label);
    await this.content
      .locator('.codelens-decoration a', { hasText: exactly(label) })
      .first()
      .click();
  }

  /** Waits until no editor is open. */
  async noneOpen(): Promise<void> {
    await eventually(async () => assert.equal(await this.page.locator('.tab').count(), 0));
  }

  /** Closes all editors and discards unsaved changes. */
  async closeAll(): Promise<void> {
    await eventually(async () => {
      if ((await this.page.locator('.tab').count()) > 0) {
        await this.quickInput.run('View: Revert and Close Editor');
      }
      assert.equal(await this.page.locator('.tab').count(), 0);
    });
  }

  private tab(): Locator {
    return this.group.locator('.tab.active');
  }

  private async tabClasses(): Promise<string> {
    return (await this.tab().getAttribute('class', { timeout: 2_000 })) ?? '';
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
