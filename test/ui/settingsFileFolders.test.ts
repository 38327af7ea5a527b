import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually';
import { useWorkbench } from './support/useWorkbench';

const production = 1203;

describe('A settings file in one of several folders', () => {
  const ui = useWorkbench();

  it("5: doesn't count after its folder was removed from the workspace", async () => {
    const { page, sandbox, folder, tree } = ui();
    const second = join(folder, '..', 'second');
    await mkdir(second);
    const text = {
      environments: { production: { host: sandbox.url, id: production, protected: true } },
    };
    await writeFile(join(second, 'posthog.environments.json'), `${JSON.stringify(text)}\n`);
    const workspace = join(folder, '..', 'both.code-workspace');
    await writeFile(workspace, JSON.stringify({ folders: [{ path: folder }, { path: second }] }));
    ui().console.expectEndOfPage();
    await page.goto(`${new URL(page.url()).origin}/?workspace=${encodeURIComponent(workspace)}`);
    await tree.open();
    await tree.expand('Sandbox', 'Hedgehog Outfitters');
    const spoken = async (): Promise<string> => (await tree.row('Production')).spoken;
    await eventually(async () => assert.match(await spoken(), /^Protected environment/));
    await ui().quickInput.run('Workspaces: Remove Folder from Workspace...');
    await ui().quickInput.row('second').first().click();
    await eventually(async () => assert.match(await spoken(), /^Environment/));
  });
});
