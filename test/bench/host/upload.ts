import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Prompts } from '../../../src/ui/prompts';
import { extension, findRow, takeRequests } from './extension';

const fileBytes = 50_000_000;

/** Peak memory growth of the extension host while *Upload file…* sends a file of 50 MB. */
export async function measureUpload(): Promise<{ memoryGrowthBytes: number }> {
  const api = await extension().activate();
  api.setPrompts(acceptEverything());
  const row = await findRow(api, 'environment');
  const folder = await mkdtemp(join(tmpdir(), 'posthog-environments-bench-'));
  try {
    const file = join(folder, 'measured.csv');
    await writeCsv(file);
    await takeRequests();
    const before = process.memoryUsage().rss;
    let peak = before;
    const sampler = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    await vscode.commands.executeCommand('posthogEnvironments.uploadFile', row, [vscode.Uri.file(file)]);
    clearInterval(sampler);
    const sent = await takeRequests();
    if (!sent.some((request) => /^POST .*\/create_from_upload\/$/.test(request))) {
      throw new Error(`Nothing was uploaded. Sent: ${sent.join(', ')}`);
    }
    return { memoryGrowthBytes: Math.max(peak, process.memoryUsage().rss) - before };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeCsv(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    const line = '1,measured,2026-01-01\n';
    const block = line.repeat(10_000);
    await handle.write('id,name,day\n');
    for (let written = 12; written + block.length <= fileBytes; written += block.length) {
      await handle.write(block);
    }
  } finally {
    await handle.close();
  }
}

/** Answers like a user who presses Enter at every question. */
function acceptEverything(): Prompts {
  return {
    pick: async (choices, { active }) => active ?? (await choices)[0]?.value,
    pickMany: async (choices) => choices.map(({ value }) => value),
    search: async (find) => (await find('', AbortSignal.timeout(10_000)))[0]?.value,
    ask: async ({ value }) => value ?? '',
    confirm: async (_message, _options, ...buttons) => buttons[0],
    notify: async () => undefined,
    openFile: async () => undefined,
    saveFile: async () => undefined,
  };
}
