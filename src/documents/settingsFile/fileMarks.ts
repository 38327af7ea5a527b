import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { Connections } from '../../connections/connections';
import type { TeamMark } from '../../connections/environmentMarks';
import { readFileMarks, type FileMark } from '../../operations/settingsFile/fileMarks';
import { sandboxHost } from '../../operations/settingsFile/fileNames';

/** What the marks of settings files need. */
export interface FileMarkServices {
  readonly connections: Pick<Connections, 'list'>;
  readonly log: Pick<vscode.LogOutputChannel, 'warn'>;
  /** Called after a file marks an environment in another way. */
  readonly changed: (connectionId: string, environmentId: number) => void;
}

/** How settings files mark environments, as they are on disk: unsaved text is nobody's decision yet. */
export class FileMarks {
  private readonly files = new Map<string, { readonly name: string; readonly marks: readonly FileMark[] }>();
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly services: FileMarkServices) {}

  /** Reads a file, which may be gone. Text that isn't JSON, as after a merge, leaves what the file said before. */
  read(uri: vscode.Uri): Promise<void> {
    this.reading = this.reading.then(async () => {
      const text = await textOf(uri);
      const before = this.files.get(uri.toString())?.marks ?? [];
      const name = vscode.workspace.asRelativePath(uri);
      const marks = text === undefined ? [] : readFileMarks(text);
      if (!marks) {
        this.services.log.warn(`${name} isn't JSON. What it says about protection isn't used.`);
        return;
      }
      this.files.set(uri.toString(), { name, marks });
      if (JSON.stringify(before) !== JSON.stringify(marks)) {
        this.tell([...before, ...marks]);
      }
    });
    return this.reading;
  }

  /** What the files say of an environment. Any of them may protect it, whichever connection reaches it. */
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

  private tell(marks: readonly FileMark[]): void {
    for (const connection of this.services.connections.list()) {
      const ids = marks.filter((mark) => isOf(mark, connection)).map(({ id }) => id);
      new Set(ids).forEach((id) => this.services.changed(connection.id, id));
    }
  }
}

const isOf = ({ host }: FileMark, { kind, origin }: Pick<Connection, 'kind' | 'origin'>): boolean =>
  host === sandboxHost ? kind === 'sandbox' : origin === host;

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
