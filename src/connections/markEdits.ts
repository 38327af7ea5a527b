import { environmentKey } from './environmentKey';
import type { Mark, MarkedConnection, StoredMarks } from './marks';

/** An environment, as one connection reaches it. */
interface MarkedAt {
  readonly connectionId: string;
  readonly environmentId: number;
}

/** Loaded when a mark changes: until then, marks are only read. */
export class MarkEdits {
  /** @param connections all that exist */
  constructor(private readonly connections: readonly MarkedConnection[]) {}

  /** An environment as all connections to its host reach it: the strictest of their marks counts for each of them. */
  everywhere({ connectionId, environmentId }: MarkedAt): readonly MarkedAt[] {
    const own = this.connections.find(({ id }) => id === connectionId);
    const others = this.connections.filter(({ id, origin }) => id !== connectionId && origin === own?.origin);
    return [connectionId, ...others.map(({ id }) => id)].map((id) => ({ connectionId: id, environmentId }));
  }

  /**
   * The marks after a change. Whether an environment is read-only is the same for all connections, so that *Allow
   * Saving* on one of them allows it. Each connection keeps its own protection.
   */
  marked(all: StoredMarks, at: MarkedAt, mark: Mark): StoredMarks {
    const places = 'readOnly' in mark ? this.everywhere(at) : [at];
    return { ...all, ...Object.fromEntries(places.map(keyOf).map((key) => [key, { ...all[key], ...mark }])) };
  }

  /** The connections to the host of an environment on which it was protected explicitly. */
  protecting(all: StoredMarks, at: MarkedAt): readonly string[] {
    return this.everywhere(at)
      .filter((one) => all[keyOf(one)]?.protect === true)
      .map(({ connectionId }) => connectionId);
  }

  /** The marks without those of a removed connection. Another one to its host takes over the strict ones. */
  forgotten(all: StoredMarks, { id, origin }: MarkedConnection): StoredMarks {
    const heir = this.connections.find((one) => one.id !== id && one.origin === origin);
    const kept: Record<string, StoredMarks[string]> = {};
    for (const [key, one] of Object.entries(all)) {
      const { connectionId, environmentId } = placeOf(key);
      if (connectionId !== id) {
        kept[key] = { ...one, ...kept[key] };
      } else if (heir && (one.protect === true || one.readOnly === true)) {
        const to = keyOf({ connectionId: heir.id, environmentId });
        kept[to] = {
          ...all[to],
          ...(one.protect === true && { protect: true }),
          ...(one.readOnly === true && { readOnly: true }),
        };
      }
    }
    return kept;
  }

  /** The environments whose marks differ, as every connection that this concerns reaches them. */
  changed(before: StoredMarks, now: StoredMarks): readonly MarkedAt[] {
    const places = [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((key) => {
      const [was, is] = [before[key], now[key]];
      return was?.protect === is?.protect && was?.readOnly === is?.readOnly
        ? []
        : this.everywhere(placeOf(key));
    });
    return [...new Map(places.map((at) => [keyOf(at), at])).values()];
  }
}

const keyOf = ({ connectionId, environmentId }: MarkedAt): string =>
  environmentKey(connectionId, environmentId);

function placeOf(key: string): MarkedAt {
  const end = key.lastIndexOf('/');
  return { connectionId: key.slice(0, end), environmentId: Number(key.slice(end + 1)) };
}
