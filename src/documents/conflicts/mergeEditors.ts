import * as vscode from 'vscode';
import { fileError } from '../../ui/fileErrors';
import { mergeScheme } from '../uris/scheme';

/** The texts of a merge. */
export interface MergeTexts {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
  /** What to say about theirs, next to its title. */
  readonly theirsNote: string;
}

interface MergeFile {
  /** What is merged. */
  document: vscode.Uri;
  content: Uint8Array;
  mtime: number;
  /** Whether the merge editor has saved it. */
  isWritten: boolean;
}

/** VS Code discards a result with markers, and starts with everything that doesn't conflict. */
const marks = '<<<<<<< mine\n=======\n>>>>>>> theirs\n';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * VS Code's own three-way merge editor. Its result is a separate file that exists only while it's open, because VS Code
 * saves a result as soon as it opens it, and saving a document sends it.
 */
export class MergeEditors implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly files = new Map<string, MergeFile>();
  private readonly fileChanged = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.fileChanged.event;
  private opened = 0;

  constructor() {
    // VS Code restores the tabs of a window, but not their contents.
    void closeLeftovers();
  }

  dispose(): void {
    this.fileChanged.dispose();
  }

  /**
   * Opens a merge editor and waits until it is closed.
   *
   * @param document whose path tab, breadcrumb, and title show, and which determines the language
   * @returns the saved result; `undefined` if nothing was saved
   */
  async merge(document: vscode.Uri, texts: MergeTexts): Promise<string | undefined> {
    this.opened += 1;
    const put = (role: string, text: string): vscode.Uri => {
      const uri = vscode.Uri.from({
        scheme: mergeScheme,
        authority: `${role}-${Date.now()}-${this.opened}`,
        path: document.path,
      });
      this.files.set(uri.toString(), {
        document,
        content: encoder.encode(text),
        mtime: Date.now(),
        isWritten: false,
      });
      return uri;
    };
    const [base, mine, theirs] = [
      put('base', texts.base),
      put('mine', texts.mine),
      put('theirs', texts.theirs),
    ];
    const output = put('result', marks);
    const closed = closedMerge(output);
    await vscode.commands.executeCommand('_open.mergeEditor', {
      base,
      input1: { uri: mine, title: 'Mine', description: 'unsaved' },
      input2: { uri: theirs, title: 'Theirs', description: texts.theirsNote },
      output,
    });
    await closed;
    const result = this.files.get(output.toString());
    [base, mine, theirs, output].forEach((uri) => this.files.delete(uri.toString()));
    return result?.isWritten ? decoder.decode(result.content) : undefined;
  }

  /** The document of a merge that is open. */
  documentOf(uri: vscode.Uri): vscode.Uri | undefined {
    return this.files.get(uri.toString())?.document;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { content, mtime } = this.file(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: content.length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.file(uri).content;
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const { document } = this.file(uri);
    this.files.set(uri.toString(), { document, content, mtime: Date.now(), isWritten: true });
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): never {
    throw fileError('NoPermissions', "Folders can't be created here.");
  }

  delete(): never {
    throw fileError('NoPermissions', 'Close the merge editor instead.');
  }

  rename(): never {
    throw fileError('NoPermissions', "Merge files can't be renamed.");
  }

  private file(uri: vscode.Uri): MergeFile {
    const file = this.files.get(uri.toString());
    if (!file) {
      throw fileError('FileNotFound', mergeIsOver);
    }
    return file;
  }
}

const mergeIsOver =
  'This merge ended when the window was reloaded. Close this editor, and save the document again to merge it.';

/** Closes merge editors from before a reload. */
async function closeLeftovers(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(
    tabs.filter(({ input }) => resultOf(input)?.scheme === mergeScheme),
    true,
  );
}

/** Resolves when the merge editor with this result is closed. */
function closedMerge(result: vscode.Uri): Promise<void> {
  return new Promise((resolve) => {
    const subscription = vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      if (closed.some(({ input }) => isResult(input, result)) && !isOpen(result)) {
        subscription.dispose();
        resolve();
      }
    });
  });
}

/** Moving a tab to another group also closes it. */
const isOpen = (result: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => isResult(input, result)));

const isResult = (input: unknown, uri: vscode.Uri): boolean => resultOf(input)?.toString() === uri.toString();

/** The API has no class for merge tabs: their inputs are `base`, `input1`, `input2` and `result`. */
const resultOf = (input: unknown): vscode.Uri | undefined =>
  typeof input === 'object' && input !== null && 'result' in input && input.result instanceof vscode.Uri
    ? input.result
    : undefined;
