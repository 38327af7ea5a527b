import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { eventually, patienceMs } from './eventually';

/** The box at the top of the window: command palette, quick picks and input boxes. */
export class QuickInput {
  readonly widget: Locator;
  readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget:visible');
    this.input = this.widget.locator('.quick-input-filter input');
  }

  /** Runs a command by its full title, such as `PostHog Environments: Refresh`. */
  async run(title: string): Promise<void> {
    await eventually(async () => {
      await this.openPalette(title);
      try {
        await this.row(title).click({ timeout: 5_000 });
        // A list that is just being filled may not take the click. The command may open another box at once.
        const palette = this.widget.locator('input');
        await eventually(async () => {
          const open = await palette.evaluateAll((inputs) =>
            inputs.map((input) => (input instanceof HTMLInputElement ? input.value : '')),
          );
          assert.ok(!open.includes(`>${title}`), `the palette is still open with ${title}`);
        }, 5_000);
      } catch (error) {
        // An open palette only has the commands from when it was opened.
        await this.page.keyboard.press('Escape');
        throw error;
      }
    });
  }

  /** Opens the command palette with a text in it. An editor that takes the focus at that moment closes it again. */
  async openPalette(text: string): Promise<void> {
    await eventually(async () => {
      await this.page.keyboard.press('F1');
      await this.input.fill(`>${text}`, { timeout: 2_000 });
      assert.equal(await this.input.inputValue({ timeout: 2_000 }), `>${text}`);
    });
  }

  /** Waits until Enter would choose the row with this label. */
  async marked(label: string): Promise<void> {
    await this.row(label).and(this.widget.locator('.focused')).waitFor();
  }

  /** The commands that the palette shows for a text. */
  async commandsFor(text: string): Promise<readonly string[]> {
    await this.openPalette(text);
    const labels = await eventually(async () => {
      const found = await this.labels();
      assert.ok(
        found.some((label) => label.startsWith(text)),
        `The palette shows: ${found.join(', ')}`,
      );
      return found;
    });
    await this.cancel();
    return labels;
  }

  /** Waits for a pick or input box with this title. */
  async titled(title: string): Promise<void> {
    await this.widget.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  /**
   * Waits until the box has this placeholder. A box that opens after another one takes a moment, during which text
   * would go to the previous one.
   */
  async asks(placeholder: string): Promise<void> {
    await this.widget.locator(`input[placeholder="${placeholder}"]`).waitFor();
  }

  /** The labels of the visible rows. */
  async labels(): Promise<readonly string[]> {
    const rows = this.widget.locator('.monaco-list-row .quick-input-list-label-meta, .monaco-list-row');
    const names = await rows
      .locator('.quick-input-list-rows > .quick-input-list-row:first-child .label-name')
      .allTextContents();
    return names.map((name) => name.trim());
  }

  /** Chooses the row with this label, with the mouse. */
  async choose(label: string): Promise<void> {
    await this.row(label).click();
  }

  row(label: string): Locator {
    return this.widget.locator('.monaco-list-row').filter({
      has: this.page.locator('.quick-input-list-row:first-child .label-name', { hasText: exactly(label) }),
    });
  }

  async chooseMany(...labels: readonly string[]): Promise<void> {
    for (const label of labels) {
      const row = this.row(label).first();
      await row.locator('.monaco-checkbox, input[type=checkbox], .monaco-custom-toggle').first().click();
    }
    await this.accept();
  }

  async fill(text: string): Promise<void> {
    await this.input.fill(text);
  }

  async accept(): Promise<void> {
    await this.input.press('Enter');
  }

  /** Accepts the file that VS Code's dialog proposes: while it's reading the folder, the dialog takes no key. */
  async acceptFile(name: string): Promise<void> {
    const path = async (): Promise<string> => this.input.inputValue({ timeout: 1_000 });
    await eventually(async () =>
      assert.ok((await path()).endsWith(`/${name}`), `no dialog proposes ${name}`),
    );
    await eventually(async () => {
      if (await this.widget.isVisible()) {
        await this.input.press('Enter', { timeout: 1_000 });
      }
      await this.closed(2_000);
    });
  }

  async cancel(): Promise<void> {
    await eventually(async () => {
      if (await this.widget.isVisible()) {
        await this.page.keyboard.press('Escape');
      }
      await this.closed(3_000);
    });
  }

  async closed(timeout = patienceMs): Promise<void> {
    await this.widget.waitFor({ state: 'hidden', timeout });
  }

  /** Presses the Back button. */
  async back(): Promise<void> {
    await this.widget.locator('.quick-input-titlebar .codicon-quick-input-back').click();
  }

  /** The message below the box, once it matches. */
  async message(pattern: RegExp): Promise<string> {
    const message = this.widget.locator('.quick-input-message');
    return eventually(async () => {
      const text = (await message.innerText()).trim();
      assert.match(text, pattern);
      return text;
    });
  }
}

/** Matches an element with exactly this text. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/** Text as it reads: no-break spaces keep words together, and zero-width ones disable links and icons. */
export function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ').replaceAll('\u200b', '').trim();
}
