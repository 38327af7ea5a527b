import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { Connections } from '../../connections/connections';
import type { TeamMark } from '../../connections/environmentMarks';
import { readFileMarks, type FileMark } from '../../operations/settingsFile/fileMarks';
import { sandboxHost } from '../../operations/settingsFile/fileNames';
import { unlessMissing } from '../../platform/connectionFolders';

/** What the marks of settings files need. */
export interface FileMarkServices {
  readonly connections: Pick<Connections, 'list'>;
  readonly log: Pick<vscode.LogOutputChannel, 'warn'>;
  /** Called after a file has marked an environment differently. */
  readonly changed: (connectionId: string, environmentId: number) => void;
}

/** A settings file, and how it marks environments. */
interface MarkingFile {
  readonly name: string;
  readonly marks: readonly FileMark[];
}

/** How settings files on disk mark environments; unsaved changes don't count yet. */
export class FileMarks {
  private readonly files = new Map<string, MarkingFile>();
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly services: FileMarkServices) {}

  /**
   * Reads a file, which may be gone. If it can't be read, is empty, or isn't JSON, as in the middle of a merge, its
   * previous marks stay. Never rejects.
   */
  read(uri: vscode.Uri): Promise<void> {
    this.reading = this.reading.then(async () => {
      const name = vscode.workspace.asRelativePath(uri);
      try {
        const bytes = await unlessMissing(() => vscode.workspace.fs.readFile(uri));
        const text = bytes && new TextDecoder().decode(bytes);
        const marks = text === undefined ? [] : readFileMarks(text);
        if (marks) {
          this.adopt(uri, { name, marks });
        } else if (text !== '') {
          // A new file is empty for a moment, and what is written to it is announced separately.
          this.services.log.warn(`${name} isn't valid JSON, so the protection in it isn't updated.`);
        }
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
        .filter((mark) => mark.id === environmentId && isOf(mark, connection))
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

  private adopt(uri: vscode.Uri, file: MarkingFile): void {
    const before = this.files.get(uri.toString())?.marks ?? [];
    this.files.set(uri.toString(), file);
    if (JSON.stringify(before) !== JSON.stringify(file.marks)) {
      this.fireChanges([...before, ...file.marks]);
    }
  }

  private fireChanges(marks: readonly FileMark[]): void {
    for (const connection of this.services.connections.list()) {
      const ids = marks.filter((mark) => isOf(mark, connection)).map(({ id }) => id);
      new Set(ids).forEach((id) => this.services.changed(connection.id, id));
    }
  }
}

const isOf = ({ host }: FileMark, { kind, origin }: Pick<Connection, 'kind' | 'origin'>): boolean =>
  host === sandboxHost ? kind === 'sandbox' : origin === host;
