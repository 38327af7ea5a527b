import assert from 'node:assert/strict';
import { eventually } from './eventually';
import type { Workbench } from './workbench';

/** Reloads the window once VS Code has stored that an editor with this in its description is open. */
export async function reloadWith(workbench: Workbench, part: string): Promise<void> {
  await eventually(async () =>
    assert.ok((await storedEditors(workbench)).includes(part), "VS Code hasn't stored the open editors yet"),
  );
  // VS Code's messages about being reloaded by the browser.
  workbench.console.expect(/\[lifecycle\] Long running operations during shutdown/);
  workbench.console.expect(/IndexedDB database '[^']*' is closed/);
  await workbench.reload();
}

/** What the workbench stores about its editors across reloads, as text. */
async function storedEditors({ page }: Workbench): Promise<string> {
  return page.evaluate(async () => {
    const request = <T>(asked: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error ?? new Error('The database cannot be read.'));
      });
    const found: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      if (name?.startsWith('vscode-web-state-db-')) {
        const database = await request(indexedDB.open(name));
        const items = database.transaction('ItemTable').objectStore('ItemTable');
        found.push(String(await request<unknown>(items.get('memento/workbench.parts.editor'))));
        database.close();
      }
    }
    return found.join('\n');
  });
}
