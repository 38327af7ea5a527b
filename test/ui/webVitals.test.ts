import assert from 'node:assert/strict';
import type { FrameLocator, Locator } from 'playwright-core';
import { eventually } from './support/eventually';
import { reloadWith } from './support/reloadWith';
import { useWorkbench } from './support/useWorkbench';
import type { Workbench } from './support/workbench';

const production = ['Sandbox', 'Hedgehog Outfitters', 'Production'] as const;

/** The page inside the web vitals panel in front. */
function pageOf({ page }: Workbench): FrameLocator {
  return page.locator('.webview.ready').last().contentFrame().frameLocator('#active-frame');
}

/** Text as it reads: no-break spaces keep numbers and units together. */
async function textOf(locator: Locator): Promise<string> {
  return (await locator.innerText()).replace(/[\s\u00a0]+/g, ' ').trim();
}

async function showCheckout(workbench: Workbench): Promise<FrameLocator> {
  const { tree, quickInput } = workbench;
  await tree.expand(...production.slice(0, 2));
  await tree.menu(production, 'Show Web Vitals…');
  await quickInput.titled('Web vitals of Production');
  await quickInput.fill('/checkout');
  await quickInput.accept();
  const vitals = pageOf(workbench);
  await vitals.getByRole('article', { name: 'INP' }).getByText('580 ms').first().waitFor();
  return vitals;
}

const expected = [
  ['INP Interaction to Next Paint', '580 ms', '40 ms lower than the week before (620 ms): better.'],
  ['LCP Largest Contentful Paint', '4.60 s', '300 ms lower than the week before (4.90 s): better.'],
  ['CLS Cumulative Layout Shift', '0.29', '0.02 lower than the week before (0.31): better.'],
  ['FCP First Contentful Paint', '3.20 s', '200 ms lower than the week before (3.40 s): better.'],
] as const;

for (const [theme, kind] of [
  ['Default Light Modern', 'vscode-light'],
  ['Default Dark Modern', 'vscode-dark'],
  ['Default High Contrast', 'vscode-high-contrast'],
] as const) {
  describe(`Web vitals in ${theme}`, () => {
    const ui = useWorkbench({ userSettings: { 'workbench.colorTheme': theme } });

    it('shows the four metrics visually and to screen readers', async () => {
      const vitals = await showCheckout(ui());
      await vitals.getByRole('heading', { level: 1, name: 'Web vitals' }).waitFor();
      for (const [name, value, trend] of expected) {
        const card = vitals.getByRole('article', { name });
        const text = await textOf(card);
        assert.ok(text.startsWith(`${name} ${value} Poor`), text);
        assert.ok(text.includes(trend), text);
        await card.getByRole('heading', { level: 2, name }).waitFor();
        await card.getByRole('img', { name: `${name.slice(0, 3)} ${value}, poor, on a bar` }).waitFor();
      }
      assert.match(
        await vitals.getByRole('status').innerText(),
        /^\/checkout in Production: INP 580 ms, poor; LCP 4\.60 s, poor; CLS 0\.29, poor; FCP 3\.20 s, poor\.$/,
      );
      const asked = ui()
        .sandbox.control.requests()
        .filter(({ path }) => path.endsWith('/web_vitals/'));
      assert.deepEqual(
        asked.map(({ path, query }) => [path, query]),
        [['/api/projects/1203/web_vitals/', { pathname: '/checkout' }]],
      );
    });

    it('takes its colors from the theme', async () => {
      const vitals = await showCheckout(ui());
      const body = vitals.locator('body');
      assert.ok((await body.getAttribute('class'))?.split(' ').includes(kind));
      const [text, background, wanted] = await body.evaluate((element) => {
        const probe = element.ownerDocument.createElement('p');
        probe.style.color = 'var(--vscode-foreground)';
        probe.style.backgroundColor = 'var(--vscode-editor-background)';
        element.append(probe);
        const { color, backgroundColor } = getComputedStyle(probe);
        probe.remove();
        const own = getComputedStyle(element);
        return [own.color, own.backgroundColor, `${color} ${backgroundColor}`];
      });
      assert.equal(`${text} ${background}`, wanted);
      assert.notEqual(text, background);
    });
  });
}

describe('Web vitals', () => {
  const ui = useWorkbench();

  it('E: fits 580 px: two metrics side by side, and nothing is cut off, alone or compared', async () => {
    const workbench = ui();
    const { page, quickInput } = workbench;
    const vitals = await showCheckout(workbench);
    const before = page.viewportSize() ?? { width: 1280, height: 960 };
    const root = vitals.locator('html');
    const width = (): Promise<number> => root.evaluate((element) => element.clientWidth);
    try {
      await page.setViewportSize({ ...before, width: before.width - (await width()) + 580 });
      await eventually(async () => assert.equal(await width(), 580));
      /** Elements that overflow the page, or the scrollable table. */
      const cut = (): Promise<string[]> =>
        root.evaluate((element) =>
          [...element.querySelectorAll('body, .scroll, h1, h2, p, button, th, td, .scale text')]
            .filter(
              (one) =>
                one.getBoundingClientRect().right > element.clientWidth ||
                one.scrollWidth > one.clientWidth + 1,
            )
            .filter(({ clientWidth, textContent }) => clientWidth > 1 && textContent.trim() !== '')
            .map(({ tagName, textContent }) => `${tagName} ${textContent.trim().slice(0, 40)}`),
        );
      assert.deepEqual(await cut(), []);
      const lefts = await vitals
        .locator('.card')
        .evaluateAll((cards) => cards.map((card) => Math.round(card.getBoundingClientRect().left)));
      assert.equal(new Set(lefts).size, 2);
      await vitals.getByRole('button', { name: 'Compare with environment…' }).click();
      await quickInput.choose('Staging');
      await vitals.getByRole('columnheader', { name: '/checkout in Staging' }).waitFor();
      await vitals.getByRole('row').getByText('3.30 s').first().waitFor();
      assert.deepEqual(await cut(), []);
    } finally {
      await page.setViewportSize(before);
    }
  });

  it('compares two environments, with the keyboard alone, and opens the comparison as JSON', async () => {
    const workbench = ui();
    const { page, quickInput, editor } = workbench;
    const vitals = await showCheckout(workbench);
    const press = async (name: string): Promise<void> => {
      const button = vitals.getByRole('button', { name });
      await eventually(async () => {
        await page.keyboard.press('Tab');
        assert.equal(
          await button.evaluate((element) => element === element.ownerDocument.activeElement),
          true,
        );
      });
      await page.keyboard.press('Enter');
    };
    await vitals.locator('body').focus();
    await press('Compare with environment…');
    await quickInput.row('Staging').waitFor();
    await quickInput.fill('Staging');
    await quickInput.accept();
    const table = vitals.getByRole('table');
    await table.getByRole('columnheader', { name: '/checkout in Staging' }).waitFor();
    const row = table.getByRole('row').filter({ has: vitals.getByRole('rowheader', { name: 'LCP' }) });
    await eventually(async () => {
      const cells = await Promise.all((await row.getByRole('cell').all()).map(textOf));
      assert.match(cells[0] ?? '', /^4\.60 s Poor/);
      assert.match(cells[1] ?? '', /^3\.30 s Needs improvements/);
      assert.equal(cells[2], '1.30 s lower than Production (4.60 s): better.');
    });
    await vitals.getByRole('button', { name: 'Open as JSON' }).click();
    await editor.shows('web vitals of checkout in Production and Staging.posthog-vitals.json');
    const { compared } = await editor.json();
    assert.ok(Array.isArray(compared));
    assert.equal(compared.length, 2);
  });

  it('keeps its content when the window is reloaded', async () => {
    const workbench = ui();
    await showCheckout(workbench);
    await reloadWith(workbench, 'posthogEnvironments.webVitals');
    const card = pageOf(workbench).getByRole('article', { name: 'LCP' });
    await card.getByText('4.60 s').first().waitFor();
  });

  it('leads from "capture is off" to the setting', async () => {
    const workbench = ui();
    const { tree, quickInput, editor, sandbox } = workbench;
    sandbox.control.patchEnvironment(1203, { autocapture_web_vitals_opt_in: false });
    await tree.expand(...production.slice(0, 2));
    await tree.menu(production, 'Show Web Vitals…');
    await quickInput.titled('Web vitals of Production');
    await quickInput.fill('never-visited');
    await quickInput.accept();
    const vitals = pageOf(workbench);
    await vitals.getByRole('heading', { name: 'Capture is off for this environment' }).waitFor();
    await vitals.getByRole('button', { name: 'Open setting' }).click();
    await editor.shows('Production.posthog-settings.json');
    assert.equal((await editor.json()).autocapture_web_vitals_opt_in, false);
    sandbox.control.patchEnvironment(1203, { autocapture_web_vitals_opt_in: true });
  });

  it('says what failed, and shows the metrics after Retry', async () => {
    const workbench = ui();
    const { tree, quickInput, sandbox } = workbench;
    sandbox.control.setWebVitalsFailing(1203, true);
    await tree.expand(...production.slice(0, 2));
    await tree.menu(production, 'Show Web Vitals…');
    await quickInput.fill('/blog');
    await quickInput.accept();
    const vitals = pageOf(workbench);
    await vitals.getByRole('heading', { name: "PostHog couldn't calculate the web vitals" }).waitFor();
    sandbox.control.setWebVitalsFailing(1203, false);
    await vitals.getByRole('button', { name: 'Retry' }).click();
    await vitals.getByRole('article', { name: 'INP' }).getByText('80 ms').first().waitFor();
  });
});

describe('Preview of rows', () => {
  const ui = useWorkbench();
  const tables = ['Sandbox', 'Hedgehog Outfitters', 'Development', 'Warehouse tables'] as const;

  it("shows the first rows from a table's action, and keeps them across reloads", async () => {
    const workbench = ui();
    const { tree, editor } = workbench;
    await tree.expand(...tables);
    await tree.action([...tables, 'price_list'], 'Preview Rows');
    await editor.shows('price_list.posthog-rows.txt');
    const lines = (await editor.text()).split(/\r?\n/);
    assert.deepEqual(lines.slice(0, 4), [
      'price_list: all 3 rows · Development · Hedgehog Outfitters · Sandbox',
      'SELECT * FROM price_list LIMIT 100',
      'Left out by PostHog: price (integer).',
      "Its type doesn't match the data. Change the column type to see it.",
    ]);
    assert.match(lines.at(-2) ?? '', /^TORCH +│ 2026-02-01$/);
    await reloadWith(workbench, 'price_list.posthog-rows.txt');
    await editor.shows('price_list.posthog-rows.txt');
    await eventually(async () => assert.match(await editor.text(), /TORCH/));
  });

  it('11.4: names where the rows are, and cancels the query on the server when canceled', async () => {
    const { tree, toasts, sandbox } = ui();
    await tree.expand(...tables);
    sandbox.control.setQueryDelay(60_000);
    await tree.action([...tables, 'orders'], 'Preview Rows');
    await toasts.says(/^Getting rows of orders in Development · Hedgehog Outfitters · Sandbox$/);
    await eventually(() => assert.ok(sandbox.control.requests().some(({ method }) => method === 'POST')));
    await toasts.button('Cancel');
    await toasts.says(/^Canceled getting rows of orders\. PostHog canceled the query, too\.$/);
    assert.equal(sandbox.control.requests().at(-1)?.method, 'DELETE');
    sandbox.control.setQueryDelay(0);
  });
});
