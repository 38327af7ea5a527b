import type * as vscode from 'vscode';
import { isJsonObject } from '../json/json';

const stateKey = 'tree.expansion';

/** How many rows to remember: the most recently changed ones. */
const mostRows = 500;

/**
 * Remembers expanded rows across window reloads; VS Code only does so while the window lives. The caller decides how a
 * row starts that no one has expanded or collapsed yet.
 */
export class TreeExpansion {
  /** By row ID, the row that changed last at the end. */
  private readonly rows: Map<string, boolean>;

  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {
    this.rows = restored(memento.get<unknown>(stateKey));
  }

  /** Whether a row is expanded. The initial state is remembered too, so that it stays when its reason is gone. */
  isExpanded(id: string, atFirst: boolean): boolean {
    const known = this.rows.get(id);
    if (known === undefined && atFirst) {
      this.set(id, true);
    }
    return known ?? atFirst;
  }

  /** The user expanded or collapsed a row. */
  set(id: string, isExpanded: boolean): void {
    this.rows.delete(id);
    this.rows.set(id, isExpanded);
    void this.keep();
  }

  /** Forgets all rows that aren't below any of these. */
  prune(rootIds: readonly string[]): void {
    const before = this.rows.size;
    for (const id of this.rows.keys()) {
      if (!rootIds.some((root) => id === root || id.startsWith(`${root}/`))) {
        this.rows.delete(id);
      }
    }
    if (this.rows.size < before) {
      void this.keep();
    }
  }

  private keep(): Thenable<void> {
    const [expanded, collapsed] = [true, false].map((wanted) =>
      [...this.rows]
        .slice(-mostRows)
        .filter(([, state]) => state === wanted)
        .map(([id]) => id),
    );
    return this.memento.update(stateKey, { expanded, collapsed });
  }
}

function restored(stored: unknown): Map<string, boolean> {
  const idsIn = (key: string): string[] => {
    const ids: unknown = isJsonObject(stored) ? stored[key] : undefined;
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  };
  return new Map([
    ...idsIn('expanded').map((id) => [id, true] as const),
    ...idsIn('collapsed').map((id) => [id, false] as const),
  ]);
}
