import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { VitalsPlace } from '../reports/reportTargets';

const stored = v.fallback(v.array(v.string()), []);
const most = 10;

/** The paths last looked at in each environment, newest first. */
export class RecentPaths {
  constructor(private readonly memento: Pick<vscode.Memento, 'get' | 'update'>) {}

  of(place: Pick<VitalsPlace, 'connectionId' | 'environment'>): readonly string[] {
    return v.parse(stored, this.memento.get(keyOf(place)));
  }

  async add({ path, ...place }: Pick<VitalsPlace, 'connectionId' | 'environment' | 'path'>): Promise<void> {
    const paths = [path, ...this.of(place).filter((other) => other !== path)];
    await this.memento.update(keyOf(place), paths.slice(0, most));
  }
}

const keyOf = ({ connectionId, environment }: Pick<VitalsPlace, 'connectionId' | 'environment'>): string =>
  `webVitals.paths/${connectionId}/${environment.id}`;
