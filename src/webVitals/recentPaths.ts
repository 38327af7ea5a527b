import * as v from 'valibot';
import type { Memento } from '../connections/ports';
import type { VitalsPlace } from '../reports/reportTargets';

const stored = v.fallback(v.array(v.string()), []);
const most = 10;

/** The most recently viewed paths of each environment, newest first. */
export class RecentPaths {
  constructor(private readonly memento: Memento) {}

  of(place: Pick<VitalsPlace, 'connectionId' | 'environment'>): readonly string[] {
    return v.parse(stored, this.memento.get(keyOf(place)));
  }

  async add({ path, ...place }: Pick<VitalsPlace, 'connectionId' | 'environment' | 'path'>): Promise<void> {
    const paths = [path, ...this.of(place).filter((other) => other !== path)].slice(0, most);
    await this.memento.update(keyOf(place), paths);
  }
}

const keyOf = ({ connectionId, environment }: Pick<VitalsPlace, 'connectionId' | 'environment'>): string =>
  `webVitals.paths/${connectionId}/${environment.id}`;
