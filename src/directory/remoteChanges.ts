import type { EnvironmentDetail, EnvironmentRef, WarehouseTable } from '../posthog/models';
import { Emitter } from '../connections/emitter';
import type { Disposable } from '../connections/ports';

/** Something this extension changed on a server, or found changed, with the state it has now. */
export type RemoteChange =
  | { kind: 'environment'; connectionId: string; environment: EnvironmentRef; detail: EnvironmentDetail }
  /** An environment was created or removed: the list it stands in is out of date. */
  | {
      kind: 'environments';
      connectionId: string;
      organizationId?: string | undefined;
      removedEnvironmentId?: number;
    }
  | { kind: 'table'; connectionId: string; environment: EnvironmentRef; table: WarehouseTable }
  /** Tables were created or removed. */
  | { kind: 'tables'; connectionId: string; environment: EnvironmentRef; removedIds?: readonly string[] };

/** Tells tree and documents what changed on a server, so that nobody has to ask again. */
export class RemoteChanges implements Disposable {
  private readonly emitter = new Emitter<RemoteChange>();
  readonly onDidChange = this.emitter.event;

  fire(change: RemoteChange): void {
    this.emitter.fire(change);
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
