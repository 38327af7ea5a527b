import type { EnvironmentDetail, EnvironmentRef, WarehouseTable } from '../posthog/models';
import { Emitter } from '../connections/emitter';
import type { Disposable } from '../connections/ports';

/** Something on a server that this extension changed or found changed, with its current state. */
export type RemoteChange =
  | { kind: 'environment'; connectionId: string; environment: EnvironmentRef; detail: EnvironmentDetail }
  /** An environment was created or removed: its list is outdated. */
  | {
      kind: 'environments';
      connectionId: string;
      organizationId?: string | undefined;
      removedEnvironmentId?: number;
    }
  | { kind: 'table'; connectionId: string; environment: EnvironmentRef; table: WarehouseTable }
  /** Tables were created or removed. */
  | { kind: 'tables'; connectionId: string; environment: EnvironmentRef; removedIds?: readonly string[] };

/** Announces changes on servers to the tree and documents, so that they needn't ask again. */
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
