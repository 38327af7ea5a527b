import * as vscode from 'vscode';
import { failureText, isCanceled } from '../connections/failures';
import { actionFor, type Action } from '../operations/actions';
import { isPostHogError } from '../posthog/errors';
import { fileError } from '../ui/fileErrors';
import type { Prompts } from '../ui/prompts';
import type { Documents } from './documents';
import type { DocumentState } from './documentState';
import type { DocumentSaves } from './saving/documentSaves';
import { connectionIdOf } from './uris/draftUri';

const encoder = new TextEncoder();

/**
 * Documents as files. `stat` and `readFile` answer from memory once a document is loaded. `writeFile` is the only path
 * to PostHog for edits, and only resolves when the server has what the editor shows.
 */
export class PostHogFileSystem {
  /** The connections whose rejected keys are being reported. */
  private readonly offering = new Set<string>();

  constructor(
    private readonly documents: Documents,
    private readonly saves: Pick<DocumentSaves, 'save'>,
    private readonly prompts: () => Prompts,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (!uri.path.endsWith('.json')) {
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    }
    const state = await this.read(uri);
    const { text, mtime } = state.revisions.current;
    // VS Code refuses to save a read-only file in its own words, without asking: unsaved changes are refused in ours.
    const isReadOnly = state.readOnly !== undefined && !this.documents.hasEdits(state);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime,
      size: encoder.encode(text).length,
      ...(isReadOnly && { permissions: vscode.FilePermission.Readonly }),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return encoder.encode((await this.read(uri)).revisions.current.text);
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    return this.saves.save(uri, content);
  }

  createDirectory(): never {
    throw fileError('NoPermissions', "Folders can't be created here.");
  }

  delete(): never {
    throw fileError('NoPermissions', 'Use the Delete command in the Environments view.');
  }

  rename(): never {
    throw fileError('NoPermissions', 'Change "name" in the document and save.');
  }

  /**
   * The state of a document that VS Code opens. Links don't work where VS Code shows why that failed, so replacing the
   * key is offered separately: once for all documents that a window restores.
   *
   * @throws vscode.FileSystemError with sentences for the user
   */
  private async read(uri: vscode.Uri): Promise<DocumentState> {
    try {
      return await this.documents.load(uri);
    } catch (error) {
      if (isCanceled(error)) {
        throw fileError('Unavailable', 'Canceled before PostHog responded.');
      }
      const text = failureText(error, this.log);
      const action = actionFor(error, connectionIdOf(uri));
      if (action?.kind === 'replaceKey' && !this.offering.has(action.connectionId)) {
        const { connectionId } = action;
        this.offering.add(connectionId);
        void this.offer(text, action).finally(() => this.offering.delete(connectionId));
      }
      const gone = isPostHogError(error) && error.kind === 'not-found';
      throw fileError(gone ? 'FileNotFound' : 'Unavailable', text);
    }
  }

  private async offer(text: string, action: Action): Promise<void> {
    const { showWithAction } = await import('../ui/actionButtons');
    await showWithAction('error', text, action, {}, { prompts: this.prompts(), log: this.log });
  }
}
