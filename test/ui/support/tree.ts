import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually';
import { chooseInMenu, entriesOfMenu, nothing } from './menu';
import { exactly, plain } from './quickInput';

/** A row as a user sees it. */
export interface TreeRow {
  label: string;
  description: string;
  /** 1 for a connection. */
  level: number;
  /** Number of rows with the same parent, including itself. */
  siblings: number;
  /** undefined if it has no children. */
  expanded: boolean | undefined;
  /** The text for screen readers. */
  spoken: string;
  /** Classes of the icon, such as `codicon-warning`. */
  icon: string;
  index: number;
}

/** A position between the twistie and the actions, whatever the length of the label: in pixels. */
const insideRow = { x: 140, y: 11 };

/** A view of the extension. Rows are identified by their labels, preceded by labels of rows above if necessary. */
export class Tree {
  readonly list: Locator;
  /** The sidebar with its title, whether it shows rows or the welcome text. */
  private readonly pane: Locator;
  /** The part of it with this view. */
  private readonly view: Locator;

  constructor(
    private readonly page: Page,
    private readonly title = 'Environments',
  ) {
    this.pane = page.locator('.part.sidebar');
    this.view = this.pane.locator('.pane', { has: this.header });
    this.list = this.view.locator('.customview-tree .monaco-list');
  }

  private get header(): Locator {
    return this.page.locator(`.pane-header[aria-label^="${this.title}"]`);
  }

  /** Expands the view if it's collapsed. */
  async unfold(): Promise<void> {
    await eventually(async () => {
      if ((await this.header.getAttribute('aria-expanded', { timeout: 2_000 })) !== 'true') {
        await this.header.click({ timeout: 2_000 });
      }
      assert.equal(await this.header.getAttribute('aria-expanded'), 'true');
    });
    // Rows move under the pointer, and their tooltip would cover the others.
    await this.page.mouse.move(0, 0);
  }

  /**
   * Shows the view. Its icon is a toggle, and after a reload VS Code restores the view at any time: a click at that
   * moment hides it, and another one shows it.
   */
  async open(): Promise<void> {
    const icon = this.page.locator('.activitybar .action-label[aria-label^="Environments"]');
    const view = this.pane.locator('[id="workbench.view.extension.posthogEnvironments"]');
    await icon.waitFor();
    await eventually(async () => {
      if (!(await view.isVisible())) {
        await icon.click({ timeout: 5_000 });
      }
      await view.waitFor({ timeout: 3_000 });
    });
  }

  /** A button of the empty view. */
  welcomeButton(label: string): Locator {
    return this.pane.locator('.welcome-view-content .monaco-button', { hasText: exactly(label) });
  }

  /** Presses a button in the title of the view. */
  async titleAction(label: string): Promise<void> {
    await this.list.hover();
    // If the view is alone in the sidebar, they are in the sidebar's title.
    const places = ['.pane-header', '.title-actions'].map(
      (place) => `${place} .action-label[aria-label^="${label}"]`,
    );
    await this.pane.locator(places.join(', ')).first().click();
  }

  /** Chooses an entry of the menu in the title of the view. */
  async titleMenu(entry: string): Promise<void> {
    await chooseInMenu(this.page, () => this.titleAction('More Actions'), entry);
  }

  /** The visible rows, from top to bottom. */
  async rows(): Promise<readonly TreeRow[]> {
    const rows = await this.list.locator('.monaco-list-row').evaluateAll((elements) =>
      elements.map((element) => ({
        label: element.querySelector('.label-name')?.textContent ?? '',
        description: element.querySelector('.label-description')?.textContent ?? '',
        level: Number(element.getAttribute('aria-level')),
        siblings: Number(element.getAttribute('aria-setsize')),
        expanded:
          element.querySelector('.monaco-tl-twistie.collapsible') === null
            ? undefined
            : element.getAttribute('aria-expanded') === 'true',
        spoken: element.getAttribute('aria-label') ?? '',
        icon: element.querySelector('.custom-view-tree-node-item-icon')?.className ?? '',
        index: Number(element.getAttribute('data-index')),
      })),
    );
    return rows.map((row) => ({ ...row, label: plain(row.label) })).sort((a, b) => a.index - b.index);
  }

  /** A row, once it's visible. */
  async row(...path: readonly string[]): Promise<TreeRow> {
    return eventually(async () => find(await this.rows(), path));
  }

  /** Waits until a row isn't visible. */
  async gone(...path: readonly string[]): Promise<void> {
    await eventually(async () => {
      const rows = await this.rows();
      assert.throws(() => find(rows, path), `"${path.join(' › ')}" is still shown`);
    });
  }

  /** The visible rows directly below a row. */
  async childrenOf(...path: readonly string[]): Promise<readonly TreeRow[]> {
    const rows = await this.rows();
    const { level, index } = find(rows, path);
    const below = rows.filter((row) => row.index > index);
    const end = below.findIndex((row) => row.level <= level);
    return (end < 0 ? below : below.slice(0, end)).filter((row) => row.level === level + 1);
  }

  /** The rows directly below a row, once there are any. */
  async childrenOfOnce(...path: readonly string[]): Promise<readonly TreeRow[]> {
    return eventually(async () => {
      const rows = await this.childrenOf(...path);
      assert.ok(rows.length > 0, `"${path.join(' › ')}" has no rows below it`);
      return rows;
    });
  }

  /**
   * Waits until the focused row has this label. A row is marked before the list has the focus, and keys pressed in
   * between are lost.
   */
  async focused(label: string, limitMs?: number): Promise<void> {
    const name = this.page.locator(
      '.customview-tree .monaco-list:focus .monaco-list-row.focused .label-name',
    );
    await eventually(async () => assert.equal(await name.textContent({ timeout: 1_000 }), label), limitMs);
  }

  /** Moves the focus from a row to the first one below it, once there is one. */
  async descend(): Promise<void> {
    const focused = this.list.locator('.monaco-list-row.focused');
    const level = await focused.getAttribute('aria-level');
    await eventually(async () => {
      await this.page.keyboard.press('ArrowRight');
      // The focus moves a moment later. Another key at that time would move it to the next level.
      await eventually(
        async () => assert.notEqual(await focused.getAttribute('aria-level', { timeout: 1_000 }), level),
        2_000,
      );
    });
  }

  /** Expands every row of a path from the top, one after another. */
  async expand(...path: readonly string[]): Promise<void> {
    for (let depth = 1; depth <= path.length; depth += 1) {
      await this.toggle(path.slice(0, depth), true);
    }
  }

  async collapse(...path: readonly string[]): Promise<void> {
    await this.toggle(path, false);
  }

  /** Clicks the twistie of a row until it's expanded or collapsed: a row that moves at that moment takes no click. */
  private async toggle(path: readonly string[], expanded: boolean): Promise<void> {
    await this.on(path, async (row, state) => {
      if (state.expanded !== expanded) {
        await row.locator('.monaco-tl-twistie').click({ timeout: 5_000 });
      }
      await eventually(
        async () => assert.equal(find(await this.rows(), path).expanded, expanded, `of ${path.join(' › ')}`),
        3_000,
      );
    });
  }

  async click(...path: readonly string[]): Promise<void> {
    await this.on(path, async (row) => row.click({ position: insideRow, timeout: 5_000 }));
  }

  /** Presses an inline action of a row, by the beginning of its title. */
  async action(path: readonly string[], title: string): Promise<void> {
    await this.on(path, async (row) => {
      await row.hover({ timeout: 5_000 });
      await row.locator(`.actions .action-label[aria-label^="${title}"]`).click({ timeout: 5_000 });
    });
  }

  /** Opens the context menu of a row and chooses an entry. */
  async menu(path: readonly string[], entry: string): Promise<void> {
    const open = async (): Promise<void> =>
      this.on(path, async (row) => row.click({ button: 'right', position: insideRow, timeout: 5_000 }));
    await chooseInMenu(this.page, open, entry);
  }

  /** The entries of a row's context menu. */
  async menuEntries(...path: readonly string[]): Promise<readonly string[]> {
    const open = async (): Promise<void> =>
      this.on(path, async (row) => row.click({ button: 'right', position: insideRow, timeout: 5_000 }));
    return entriesOfMenu(this.page, open);
  }

  /** The tooltip of a row. */
  async tooltip(...path: readonly string[]): Promise<string> {
    const hover = this.page.locator(
      '.workbench-hover-container .hover-contents:visible, .monaco-hover .hover-contents:visible',
    );
    return eventually(async () => {
      // Hovering a row doesn't move a pointer that is already there, and VS Code waits for a move. The hover of another
      // row is dismissed first, because it would be mistaken for this one's.
      await this.page.mouse.move(nothing.x, nothing.y);
      if (await hover.first().isVisible()) {
        // One that appeared after the pointer had left its row stays until a key is pressed.
        await this.page.keyboard.press('Escape');
      }
      await hover.first().waitFor({ state: 'hidden', timeout: 3_000 });
      await this.on(path, async (row) => row.hover({ position: insideRow, timeout: 5_000 }));
      return eventually(async () => {
        const text = plain(await hover.first().innerText({ timeout: 3_000 }));
        assert.notEqual(text, 'Loading...');
        return text;
      }, 5_000);
    });
  }

  /** Moves to the last row with the End key. */
  async goToEnd(): Promise<void> {
    await this.list.focus();
    await this.page.keyboard.press('End');
    await this.list.locator('.monaco-list-row.focused').waitFor({ timeout: 2_000 });
  }

  /** Does something with a row on the page; retries if the list moved in the meantime. */
  private async on(
    path: readonly string[],
    act: (row: Locator, state: TreeRow) => Promise<void>,
  ): Promise<void> {
    await eventually(async () => {
      const state = find(await this.rows(), path);
      await act(this.list.locator(`.monaco-list-row[data-index="${state.index}"]`), state);
    });
  }
}

/**
 * The first row with the last label of the path, below rows with the preceding ones. Rows above the visible part are
 * unknown and assumed to match.
 */
function find(rows: readonly TreeRow[], path: readonly string[]): TreeRow {
  for (const [position, row] of rows.entries()) {
    if (row.label === path.at(-1) && isUnder(rows, position, path.slice(0, -1))) {
      return row;
    }
  }
  throw new Error(
    `No row "${path.join(' › ')}". In view:\n${rows.map(({ label, level }) => '  '.repeat(level) + label).join('\n')}`,
  );
}

function isUnder(rows: readonly TreeRow[], position: number, ancestors: readonly string[]): boolean {
  const wanted = [...ancestors];
  let level = rows[position]?.level ?? 0;
  for (let above = position - 1; above >= 0 && wanted.length > 0; above -= 1) {
    const row = rows[above];
    if (row && row.level < level) {
      level = row.level;
      if (row.label === wanted.at(-1)) {
        wanted.pop();
      }
    }
  }
  return wanted.length === 0 || (level > 1 && rows[0]?.index !== 0);
}
