import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension';
import { extension, findRow, sandboxUrl, takeRequests } from './extension';

const warmUpRounds = 3;
const rounds = 24;
/**
 * How long a save waits after typing, so that what follows an edit, or the save before, is over for both. For about a
 * second, VS Code asks for inlay hints, folding, lenses, symbols (twice, the second time after half a second), colors,
 * and links; most of it only of ours, because the empty provider's document has none of the extension's features.
 */
const restMs = 1500;
const scheme = 'posthog-bench';
/** Staging in the demo. */
const otherEnvironment = 1202;

/**
 * How long saving settings takes, compared with a file system provider that does nothing but the same two calls. Both
 * have the same text under the same path, so that VS Code has the same to do for either. They take turns in one host,
 * and every other round the other one begins, so that a busy machine slows down both.
 */
export async function measureSaves(): Promise<{ oursMs: number[]; emptyMs: number[]; callsMs: number[] }> {
  const api = await extension().activate();
  const ours = await openSettings(api);
  const calls = await callsOf(ours);
  const provider = new EmptyProvider(ours.getText(), calls.send);
  const registered = vscode.workspace.registerFileSystemProvider(scheme, provider);
  const uri = ours.uri.with({ scheme, query: '' });
  const empty = await vscode.workspace.openTextDocument(uri);
  const times = { oursMs: [] as number[], emptyMs: [] as number[], callsMs: [] as number[] };
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const inTurn = [
      { document: ours, into: times.oursMs },
      { document: empty, into: times.emptyMs },
    ];
    for (const { document, into } of round % 2 === 0 ? inTurn : inTurn.reverse()) {
      const ms = await savedIn(document, `round ${round}`);
      if (round >= 0) {
        into.push(ms);
      }
    }
  }
  // Afterwards: in between, they would keep the connection of the empty provider alive, but not ours.
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await calls.send(`calls ${round}`);
    times.callsMs.push(performance.now() - startedMs);
  }
  registered.dispose();
  return times;
}

async function openSettings({ services }: TestApi): Promise<vscode.TextDocument> {
  const row = await findRow({ services } as TestApi, 'settings');
  await vscode.commands.executeCommand('posthogEnvironments.openSettings', row);
  const document = vscode.window.activeTextEditor?.document;
  if (!document) {
    throw new Error('The settings did not open.');
  }
  return document;
}

/** The two calls that a save of these settings makes, found by watching one. */
async function callsOf(document: vscode.TextDocument): Promise<{ send(description: string): Promise<void> }> {
  await takeRequests();
  await savedIn(document, 'first');
  const [get, patch] = (await takeRequests()).map((call) => call.split(' '));
  const key = process.env.POSTHOG_ENVIRONMENTS_SANDBOX_KEY;
  if (get?.[0] !== 'GET' || patch?.[0] !== 'PATCH' || get[1] !== patch[1] || !get[1] || !key) {
    throw new Error('A save made other calls than one GET and one PATCH.');
  }
  // In another environment: a write must not look like someone else's change of this one.
  const url = `${sandboxUrl()}${get[1].replace(/\d+\/$/, `${otherEnvironment}/`)}`;
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const call = async (init: RequestInit): Promise<void> => {
    const response = await fetch(url, { ...init, headers });
    await response.json();
    if (!response.ok) {
      throw new Error(`${init.method ?? ''} ${url} was answered ${response.status}.`);
    }
  };
  return {
    send: async (description) => {
      await call({ method: 'GET' });
      await call({ method: 'PATCH', body: JSON.stringify({ product_description: description }) });
    },
  };
}

/** Types another description and saves. */
async function savedIn(document: vscode.TextDocument, description: string): Promise<number> {
  await vscode.window.showTextDocument(document, { preview: false });
  const found = /"product_description": (?:null|"[^"]*")/.exec(document.getText());
  if (!found) {
    throw new Error('The document has no description to change.');
  }
  const range = new vscode.Range(
    document.positionAt(found.index),
    document.positionAt(found.index + found[0].length),
  );
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, `"product_description": "${description} of ${document.uri.scheme}"`);
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new Error(`VS Code refused to edit ${document.uri.path}.`);
  }
  await new Promise((resolve) => setTimeout(resolve, restMs));
  const startedMs = performance.now();
  if (!document.isDirty || !(await document.save())) {
    throw new Error(`${document.uri.path} could not be saved.`);
  }
  return performance.now() - startedMs;
}

/** A single file in memory; writing it makes the two calls. */
class EmptyProvider implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private content: Uint8Array;
  private mtime = Date.now();

  constructor(
    text: string,
    private readonly send: (description: string) => Promise<void>,
  ) {
    this.content = new TextEncoder().encode(text);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: this.mtime, size: this.content.length };
  }

  readFile(): Uint8Array {
    return this.content;
  }

  async writeFile(_uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await this.send(`written ${this.mtime}`);
    this.content = content;
    this.mtime = Math.max(Date.now(), this.mtime + 1);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
}
