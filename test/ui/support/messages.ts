import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually';
import { plain } from './quickInput';

/** Notifications in the corner. */
export class Toasts {
  private readonly all: Locator;

  constructor(private readonly page: Page) {
    this.all = page.locator('.notification-toast .notification-list-item');
  }

  /** Waits for a notification and returns its text. */
  async says(pattern: RegExp): Promise<string> {
    return eventually(async () => {
      const texts = await this.texts();
      const found = texts.find((text) => pattern.test(text));
      assert.ok(
        found !== undefined,
        `No notification says ${String(pattern)}. There are:\n${texts.join('\n')}`,
      );
      return found;
    });
  }

  /**
   * Waits until a notification is the only one, and returns its text. Use this at the end of an operation with several
   * notifications: VS Code keeps progress for at least 0.8 s, and shows at most three new ones in that time.
   */
  async sayOnly(pattern: RegExp): Promise<string> {
    return eventually(async () => {
      const texts = await this.texts();
      assert.equal(texts.length, 1, `There are other notifications:\n${texts.join('\n')}`);
      const [text = ''] = texts;
      assert.match(text, pattern);
      return text;
    });
  }

  /** Waits until there are none. */
  async gone(): Promise<void> {
    await eventually(async () => assert.deepEqual(await this.texts(), []));
  }

  async texts(): Promise<readonly string[]> {
    const texts = await this.all.locator('.notification-list-item-message').allInnerTexts();
    return texts.map(plain);
  }

  /** Clicks a link in the text of a notification. */
  async link(label: string): Promise<void> {
    await this.all.locator('.notification-list-item-message a', { hasText: label }).first().click();
  }

  /** Presses a button of a notification. */
  async button(label: string): Promise<void> {
    await this.all.locator('.monaco-button', { hasText: label }).first().click();
  }

  /** Closes all of them. */
  async clear(): Promise<void> {
    await eventually(async () => {
      for (const toast of await this.all.all()) {
        await toast.hover({ timeout: 1_000 });
        await toast.locator('.codicon-notifications-clear').click({ timeout: 1_000 });
      }
      assert.deepEqual(await this.texts(), []);
    });
  }

  /** The enabled buttons. */
  async buttons(): Promise<readonly string[]> {
    return this.all.locator('.monaco-button').allInnerTexts();
  }

  get locator(): Locator {
    return this.page.locator('.notifications-toasts');
  }
}

/** A modal dialog. */
export class Modal {
  private readonly box: Locator;

  constructor(page: Page) {
    this.box = page.locator('.monaco-dialog-box');
  }

  /** Waits for a dialog that says this, possibly after another one, and returns its message and detail. */
  async says(pattern: RegExp, limitMs?: number): Promise<string> {
    return eventually(async () => {
      const text = await this.box.locator('.dialog-message-container').innerText({ timeout: 1_000 });
      assert.match(text, pattern);
      return text;
    }, limitMs);
  }

  async press(button: string): Promise<void> {
    // This very button: another dialog may follow at once, with a button of the same name.
    const pressed = await this.box
      .locator('.dialog-buttons .monaco-button', { hasText: button })
      .first()
      .elementHandle();
    assert.ok(pressed);
    await pressed.click();
    await pressed.waitForElementState('hidden');
  }

  async isGone(): Promise<void> {
    await this.box.waitFor({ state: 'hidden' });
  }
}

/** The status bar. */
export class StatusBar {
  constructor(private readonly page: Page) {}

  /** Waits until the extension's item has this text. */
  async says(text: string): Promise<void> {
    await this.page
      .locator('.statusbar-item[id*="posthogEnvironments.environment"] .statusbar-item-label', {
        hasText: text,
      })
      .waitFor();
  }
}
