import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '../harness/paths';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const shop = 'Hedgehog Outfitters';

interface Walkthrough {
  readonly steps: readonly {
    readonly title: string;
    readonly description: string;
    readonly media: { readonly altText: string };
  }[];
}

const walkthrough = (
  JSON.parse(readFileSync(join(repoRoot, 'package.json'), 'utf8')) as {
    contributes: { walkthroughs: [Walkthrough] };
  }
).contributes.walkthroughs[0];

/** A text without white space, which only affects layout. */
const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
/** A line of Markdown as it is read: links by their text, bold without asterisks. */
const shown = (line: string): string =>
  plain(line.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('**', ''));

describe('The tree in the first minutes', () => {
  const ui = useWorkbench();

  /** Resolves once the extension has answered a question, so earlier messages have reached it. */
  const answered = async (): Promise<void> => {
    await ui().command('Find Environment, Table, or Setting…');
    await ui().quickInput.titled('Find Environment, Table, or Setting');
    await ui().quickInput.cancel();
  };

  it('E: with one connection, it expands to the environments, and fetches nothing below them', async () => {
    const { tree, sandbox } = ui();
    await tree.row('Sandbox', shop, 'Production');
    assert.equal((await tree.row('Sandbox')).expanded, true);
    assert.equal((await tree.row('Sandbox', shop)).expanded, true);
    assert.equal((await tree.row(shop, 'Production')).expanded, false);
    const paths = sandbox.control.requests().map(({ path }) => path);
    assert.ok(!paths.some((path) => path.includes('warehouse')), paths.join(' '));
  });

  it('E: it stays the same across reloads', async () => {
    const { tree } = ui();
    await tree.expand('Sandbox', shop, 'Development', 'Warehouse tables');
    await tree.expand('Sandbox', shop, 'Staging');
    await tree.collapse('Sandbox', shop, 'Staging');
    await tree.row('Development', 'Warehouse tables', 'orders');
    const shape = async () =>
      (await tree.rows()).map(({ label, level, expanded }) => ({ label, level, expanded }));
    const before = await shape();
    await answered();
    await ui().reload();
    await eventually(async () => assert.deepEqual(await shape(), before));

    await tree.collapse('Sandbox');
    await answered();
    ui().sandbox.control.clearRequests();
    await ui().reload();
    assert.equal((await tree.row('Sandbox')).expanded, false);
    // What is below a collapsed row isn't visible, so it isn't fetched.
    assert.deepEqual(ui().sandbox.control.requests(), []);
  });
});

describe('The view in the first minutes', () => {
  const ui = useWorkbench();

  it('E: the walkthrough marks settings as saved only after a change was sent, not after an unchanged save', async () => {
    const { page, quickInput, editor } = ui();
    const ticked = async (): Promise<number> => {
      await quickInput.run('Welcome: Open Walkthrough...');
      await quickInput.choose('Get Started with PostHog Environments');
      const step = page.locator('.getting-started-step', { hasText: 'Edit settings as a document' });
      await step.waitFor();
      return step.locator('.codicon.complete').count();
    };
    await ui().openSettings(shop, 'Staging');
    await editor.pressSave();
    await ui().command('Find Environment, Table, or Setting…');
    await quickInput.titled('Find Environment, Table, or Setting');
    await quickInput.cancel();
    assert.equal(await ticked(), 0);
    await ui().openSettings(shop, 'Staging');
    await editor.change({ anonymize_ips: false });
    await editor.save();
    await eventually(async () => assert.equal(await ticked(), 1));
  });

  it('E: with its buttons, the title of the view fits 250 px, also with a connection', async () => {
    const { page, tree } = ui();
    await tree.row('Sandbox', shop, 'Production');
    const sidebar = page.locator('.part.sidebar');
    const width = async (): Promise<number> => Math.round((await sidebar.boundingBox())?.width ?? 0);
    const before = await sidebar.boundingBox();
    assert.ok(before);
    await page.mouse.move(before.x + before.width + 2, 500);
    await page.mouse.down();
    await page.mouse.move(before.x + 250, 500, { steps: 5 });
    await page.mouse.up();
    await eventually(async () => assert.ok((await width()) <= 250, `${await width()} px`));
    const header = page.locator('.pane-header[aria-label^="Environments"]');
    await header.hover();
    const title = header.locator('.title');
    await header.locator('.action-label[aria-label^="Find"]').waitFor();
    assert.equal((await title.innerText()).toLowerCase(), 'environments');
    const { needed, has } = await title.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      // Unlike widths of elements, these aren't rounded: a tenth of a pixel cuts off a letter.
      return {
        needed: range.getBoundingClientRect().width,
        has: element.getBoundingClientRect().width,
      };
    });
    assert.ok(needed <= has, `${needed} px do not fit ${has} px`);
  });
});

describe('The first minutes', () => {
  const ui = useWorkbench({ connected: false });

  it('E: without a connection, the palette only offers what applies', async () => {
    const { quickInput, tree } = ui();
    await tree.welcomeButton('Try with the Sandbox').waitFor();
    // The window learns that there is no connection a moment after the view appears.
    await eventually(async () => {
      const offered = (await quickInput.commandsFor('PostHog Environments: '))
        .filter((label) => label.startsWith('PostHog Environments: '))
        .map((label) => label.slice('PostHog Environments: '.length));
      assert.deepEqual(offered.filter((label) => !/View|Size|Location|Focus/.test(label)).sort(), [
        'Add Connection…',
        'Show Log',
        'Try with the Sandbox',
      ]);
    });
  });

  it('E: the title of the view says its name once, and fits 250 px', async () => {
    const { page } = ui();
    const title = page.locator('.part.sidebar .composite.title');
    const label = title.locator('.title-label');
    assert.equal((await label.innerText()).toLowerCase(), 'environments');
    const needed = await title.evaluate((element) => {
      const text = element.querySelector('.title-label h2');
      const range = document.createRange();
      range.selectNodeContents(text ?? element);
      const actions = element.querySelector('.title-actions')?.scrollWidth ?? 0;
      return range.getBoundingClientRect().width + actions + 18;
    });
    assert.ok(needed <= 250, `${needed} px`);
  });

  it('E: walkthrough steps are completed by the actual event, not by running a command', async () => {
    const { page, quickInput, tree } = ui();
    await quickInput.run('Welcome: Open Walkthrough...');
    await quickInput.choose('Get Started with PostHog Environments');
    const step = page.locator('.getting-started-step', { hasText: 'Connect to PostHog' });
    await step.waitFor();
    const ticked = (): Promise<number> => step.locator('.codicon.complete').count();
    await step.locator('.monaco-button', { hasText: 'Add Connection' }).click();
    await quickInput.titled('Add Connection');
    await quickInput.cancel();
    assert.equal(await ticked(), 0);
    await tree.welcomeButton('Try with the Sandbox').click();
    await tree.row('Sandbox');
    await eventually(async () => assert.ok((await ticked()) > 0));
  });

  it('E: nothing in the walkthrough is cut off, and each step has its picture', async () => {
    const { page, quickInput } = ui();
    await quickInput.run('Welcome: Open Walkthrough...');
    await quickInput.choose('Get Started with PostHog Environments');
    const steps = page.locator('.getting-started-step');
    await steps.first().waitFor();
    assert.equal(await steps.count(), walkthrough.steps.length);
    // Beside the steps there is room for the pictures, which VS Code leaves out of a narrow window.
    const before = page.viewportSize() ?? { width: 1280, height: 960 };
    await page.setViewportSize({ ...before, width: 1680 });
    for (const [index, { title, description, media }] of walkthrough.steps.entries()) {
      const step = steps.nth(index);
      const isExpanded = (): Promise<boolean> => step.evaluate((one) => one.classList.contains('expanded'));
      await eventually(async () => {
        if (!(await isExpanded())) {
          await step.locator('.step-title').click({ timeout: 3_000 });
        }
        await eventually(async () => assert.ok(await isExpanded()), 3_000);
      });
      const text = plain(await step.innerText());
      assert.ok(text.includes(title), `${title}: ${text}`);
      for (const line of description.split('\n').map(shown)) {
        assert.ok(text.includes(line), `"${line}" isn't in: ${text}`);
      }
      // Elements that overflow their own box or the step.
      const cut = await step.evaluate((one) => {
        const { left, right } = one.getBoundingClientRect();
        return [one, ...one.querySelectorAll('*')]
          .filter(({ textContent, clientWidth }) => textContent.trim() !== '' && clientWidth > 1)
          .filter((part) => {
            const box = part.getBoundingClientRect();
            const hides = getComputedStyle(part).overflow !== 'visible';
            return (
              part.scrollWidth > part.clientWidth + 1 ||
              (hides && part.scrollHeight > part.clientHeight + 1) ||
              box.left < left - 1 ||
              box.right > right + 1
            );
          })
          .map((part) => `${part.getAttribute('class') ?? ''}: ${part.textContent.trim().slice(0, 60)}`);
      });
      assert.deepEqual(cut, [], title);
      const picture = page.locator('.getting-started-media img');
      await eventually(async () => {
        assert.equal(await picture.getAttribute('alt'), media.altText);
        const found = await picture.evaluate((image: HTMLImageElement) => {
          const { right, width } = image.getBoundingClientRect();
          return {
            loaded: image.complete && image.naturalWidth > 0,
            shown: width > 200,
            fits: right <= document.documentElement.clientWidth,
          };
        });
        assert.deepEqual(found, { loaded: true, shown: true, fits: true }, title);
      });
    }
    // The narrowest window with two columns: VS Code cuts off what exceeds three lines at the top.
    const description = page.locator('.getting-started-category .description');
    const picture = page.locator('.getting-started-media img');
    for (let width = 1680; width > 900 && (await picture.isVisible()); width -= 20) {
      await page.setViewportSize({ ...before, width });
      const { needed, has } = await description.evaluate((element) => ({
        needed: element.scrollHeight,
        has: element.clientHeight,
      }));
      assert.ok(needed <= has + 1, `cut off at ${width} px`);
    }
    await page.setViewportSize(before);
  });
});

describe('The walkthrough of someone who has begun already', () => {
  const ui = useWorkbench();

  it('E: what happened before the walkthrough was opened is checked off, and nothing else', async () => {
    const { page, quickInput, tree } = ui();
    await tree.row('Sandbox', shop, 'Production');
    await quickInput.run('Welcome: Open Walkthrough...');
    await quickInput.choose('Get Started with PostHog Environments');
    const ticked = (title: string): Promise<number> =>
      page.locator('.getting-started-step', { hasText: title }).locator('.codicon.complete').count();
    await eventually(async () => assert.equal(await ticked('Connect to PostHog'), 1));
    assert.equal(await ticked('Edit settings as a document'), 0);
  });
});
