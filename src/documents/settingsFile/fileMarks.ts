import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { Connections } from '../../connections/connections';
import type { TeamMark } from '../../connections/environmentMarks';
import { isToHost } from '../../operations/settingsFile/fileHost';
import { readFileMarks, stricterMarks, type FileMark } from '../../operations/settingsFile/fileMarks';
import { unlessMissing } from '../../platform/connectionFolders';
import { openDocument } from '../showDocument';
import { isAtOrIn, movedTo } from './movedFiles';
import { isSettingsFile } from './settingsFileState';

/** What the marks of settings files need. */
export interface FileMarkServices {
  readonly connections: Pick<Connections, 'list'>;
  readonly log: Pick<vscode.LogOutputChannel, 'warn'>;
  /** Called after a file has marked an environment differently. */
  readonly changed: (connectionId: string, environmentId: number) => void;
}

/** A settings file, and how it marks environments. */
interface MarkingFile {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly marks: readonly FileMark[];
  /** The marks it had when it was last valid JSON. */
  readonly whole: readonly FileMark[];
}

/**
 * How settings files on disk mark environments; unsaved changes don't count yet. A file counts while it's in the
 * workspace, or open.
 */
export class FileMarks implements vscode.Disposable {
  private readonly files = new Map<string, MarkingFile>();
  private reading: Promise<void> = Promise.resolve();
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly services: FileMarkServices) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.again(() => true)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) =>
        this.again((file) => file.toString() === uri.toString()),
      ),
      // VS Code's watchers don't report what was in a deleted or renamed folder.
      vscode.workspace.onDidDeleteFiles(({ files }) =>
        this.again((file) => files.some((gone) => isAtOrIn(file, gone))),
      ),
      vscode.workspace.onDidRenameFiles(({ files }) => files.forEach((one) => this.follow(one))),
    );
  }

  /**
   * Reads a file, which may be gone. If it can't be read, is empty, or nothing in it looks like a mark, its previous
   * marks stay. If it isn't valid JSON, as in the middle of a merge, what can be read only adds to them. Never rejects.
   */
  read(uri: vscode.Uri): Promise<void> {
    this.reading = this.reading.then(async () => {
      const name = vscode.workspace.asRelativePath(uri);
      try {
        const bytes = counts(uri) ? await unlessMissing(() => vscode.workspace.fs.readFile(uri)) : undefined;
        this.adopt({ uri, name }, bytes && new TextDecoder().decode(bytes));
      } catch (error) {
        this.services.log.warn(`Couldn't read the protection in ${name}: ${String(error)}`);
      }
    });
    return this.reading;
  }

  /** How the files mark an environment. Any of them can protect it, whichever connection is used. */
  of(connection: Pick<Connection, 'kind' | 'origin'>, environmentId: number): TeamMark | undefined {
    const found = [...this.files.values()].flatMap(({ name, marks }) =>
      marks
        .filter(({ id, host }) => id === environmentId && isToHost(connection, host))
        .map((mark) => ({ name, ...mark })),
    );
    const protectedBy = found.find(({ protect }) => protect)?.name;
    return found.length === 0
      ? undefined
      : {
          protectedBy,
          isUnprotected: protectedBy === undefined && found.some(({ protect }) => protect === false),
          readOnlyBy: found.find(({ readOnly }) => readOnly)?.name,
        };
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** Reads known files again. */
  private again(accept: (uri: vscode.Uri) => boolean): void {
    [...this.files.values()].filter(({ uri }) => accept(uri)).forEach(({ uri }) => void this.read(uri));
  }

  private follow(renamed: { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }): void {
    for (const { uri } of [...this.files.values()]) {
      const moved = movedTo(uri, renamed);
      // The new one first, so that its environments are protected all the time.
      if (moved && isSettingsFile({ uri: moved })) {
        void this.read(moved);
      }
      if (moved) {
        void this.read(uri);
      }
    }
  }

  /** @param text `undefined` if the file is gone or doesn't count */
  private adopt({ uri, name }: Pick<MarkingFile, 'uri' | 'name'>, text: string | undefined): void {
    const { marks: before = [], whole = [] } = this.files.get(uri.toString()) ?? {};
    if (text === undefined) {
      this.files.delete(uri.toString());
      this.fireChanges(before, []);
      return;
    }
    // A new file is empty for a moment, and what is written to it is announced separately.
    if (text === '') {
      return;
    }
    const { marks, isWhole } = readFileMarks(text);
    if (!isWhole) {
      this.services.log.warn(
        marks.length === 0
          ? `${name} isn't valid JSON, so the protection in it isn't updated.`
          : `${name} isn't valid JSON. Until it is, the protection in it only gets stricter.`,
      );
    }
    if (isWhole || marks.length > 0) {
      const file = {
        uri,
        name,
        ...(isWhole ? { marks, whole: marks } : { marks: stricterMarks(whole, marks), whole }),
      };
      this.files.set(uri.toString(), file);
      this.fireChanges(before, file.marks);
    }
  }

  private fireChanges(before: readonly FileMark[], after: readonly FileMark[]): void {
    if (JSON.stringify(before) === JSON.stringify(after)) {
      return;
    }
    for (const connection of this.services.connections.list()) {
      const ids = [...before, ...after].filter(({ host }) => isToHost(connection, host)).map(({ id }) => id);
      new Set(ids).forEach((id) => this.services.changed(connection.id, id));
    }
  }
}

const counts = (uri: vscode.Uri): boolean =>
  vscode.workspace.getWorkspaceFolder(uri) !== undefined || openDocument(uri) !== undefined;
