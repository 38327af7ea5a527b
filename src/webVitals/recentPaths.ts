import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { VitalsPlace } from '../reports/reportTargets';

const stored = v.fallback(v.array(v.string()), []);
const most = 10;

/** The paths last looked at in each environment, newest first. */
export class RecentPaths {
  /** What this window has added: VS Code 1.103 may show a memento for a moment as it was before the last update. */
  private readonly added = new Map<string, readonly string[]>();

  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {}

  of(place: Pick<VitalsPlace, 'connectionId' | 'environment'>): readonly string[] {
    const key = keyOf(place);
    return this.added.get(key) ?? v.parse(stored, this.memento.get(key));
  }

  async add({ path, ...place }: Pick<VitalsPlace, 'connectionId' | 'environment' | 'path'>): Promise<void> {
    const paths = [path, ...this.of(place).filter((other) => other !== path)].slice(0, most);
    this.added.set(keyOf(place), paths);
    await this.memento.update(keyOf(place), paths);
  }
}

const keyOf = ({ connectionId, environment }: Pick<VitalsPlace, 'connectionId' | 'environment'>): string =>
  `webVitals.paths/${connectionId}/${environment.id}`;
