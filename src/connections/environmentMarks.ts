import * as v from 'valibot';
import { isSandbox } from './connection';
import { Emitter } from './emitter';
import { allowSaving, fileSaysReadOnly, readOnlyHere } from '../posthog/outcomePhrases';
import { environmentKey } from './environmentKey';
import type { MarkEdits } from './markEdits';
import { storedMarks, type Mark, type MarkedConnection, type StoredMarks } from './marks';
import type { Disposable, Event, Memento } from './ports';
import { isProtectedName } from './protectedNames';

const stateKey = 'environments';

/** How settings files mark an environment, for everyone who uses them. */
export interface TeamMark {
  /** The file that protects it, if any. */
  readonly protectedBy: string | undefined;
  /** Whether a file turns its protection off, whatever its name. */
  readonly isUnprotected: boolean;
  /** The file that makes it read-only, if any. */
  readonly readOnlyBy: string | undefined;
}

/** How settings files mark environments. */
export interface TeamMarks {
  /** Resolves once the files have been read. Never rejects. */
  known(): Promise<void>;
  /** `undefined` if no file is known to mark it. */
  of(connection: MarkedConnection, environmentId: number): TeamMark | undefined;
}

/** Why nothing can be written to an environment, as sentences. */
export interface ReadOnlyReason {
  readonly what: string;
  readonly remedy: string;
  /** Whether *Allow Saving* helps. */
  readonly isHere: boolean;
}

/**
 * What this computer remembers about environments: their last known names and organizations, and which ones the user
 * protects. Read every time it's used, because other windows write it too.
 */
export class EnvironmentMarks implements Disposable {
  private readonly seen = new Emitter<void>();
  /** Fires after a new name was seen. */
  readonly onDidSee = this.seen.event;
  private readonly marked = new Emitter<{ connectionId: string; environmentId: number }>();
  /** Fires after the user, in this or another window, or a settings file changed the protection of an environment. */
  readonly onDidMark = this.marked.event;
  private readonly names = new Map<string, { readonly name: string; readonly organization?: string }>();
  private team: TeamMarks | undefined;
  private isWritten = true;
  private writing: Promise<void> = Promise.resolve();
  private parsed: { from: unknown; to: StoredMarks } = { from: undefined, to: {} };
  /** The marks that were last announced. */
  private announced: StoredMarks;
  private readonly returns: Disposable | undefined;

  /**
   * @param connections all that exist: the marks of an environment count for every connection to its host
   * @param onReturn when this window gains or loses focus: the marks of other windows are announced
   */
  constructor(
    private readonly memento: Memento,
    private readonly connections: { list(): readonly MarkedConnection[] },
    onReturn?: Event<unknown>,
  ) {
    this.announced = this.read();
    this.returns = onReturn?.(() => void this.announce());
  }

  /** Whether saving asks first. An unknown name is protected; the sandbox needs no protection. */
  isProtected(
    connection: MarkedConnection,
    environmentId: number,
    name = this.nameOf(connection.id, environmentId),
  ): boolean {
    const team = this.team?.of(connection, environmentId);
    const own = this.own(connection, environmentId, 'protect');
    // This computer can be stricter than the team, but never less strict.
    return (
      team?.protectedBy !== undefined ||
      (own ??
        (team?.isUnprotected !== true &&
          !isSandbox(connection) &&
          (name === undefined || isProtectedName(name))))
    );
  }

  /** The settings file that protects an environment, if any. */
  protectedBy(connection: MarkedConnection, environmentId: number): string | undefined {
    return this.team?.of(connection, environmentId)?.protectedBy;
  }

  /** Why nothing can be written to the environment; `undefined` if it isn't read-only. */
  whyReadOnly(connection: MarkedConnection, environmentId: number): ReadOnlyReason | undefined {
    const file = this.team?.of(connection, environmentId)?.readOnlyBy;
    if (file !== undefined) {
      return { ...fileSaysReadOnly(file), isHere: false };
    }
    return this.own(connection, environmentId, 'readOnly')
      ? { what: readOnlyHere, remedy: allowSaving, isHere: true }
      : undefined;
  }

  /** Resolves once the settings files have been read, for callers about to write. */
  async known(): Promise<void> {
    await this.team?.known();
  }

  /** Sets how settings files mark environments for everyone who uses them. */
  setTeam(team: TeamMarks): void {
    this.team = team;
  }

  /** Called when settings files mark an environment differently. */
  teamChanged(connectionId: string, environmentId: number): void {
    this.marked.fire({ connectionId, environmentId });
  }

  /** The last known name of an environment. */
  nameOf(connectionId: string, environmentId: number): string | undefined {
    const key = environmentKey(connectionId, environmentId);
    return this.names.get(key)?.name ?? this.read()[key]?.name;
  }

  /** The last known name of an environment's organization. */
  organizationOf(connectionId: string, environmentId: number): string | undefined {
    const key = environmentKey(connectionId, environmentId);
    return this.names.get(key)?.organization ?? this.read()[key]?.organization;
  }

  /**
   * Remembers a name that the server just returned; names seen at the same time are stored together.
   *
   * @param organization the name of its organization, if the server just returned that too
   */
  see(connectionId: string, environmentId: number, name: string, organization?: string): void {
    const before = this.organizationOf(connectionId, environmentId);
    const around = organization ?? before;
    if (this.nameOf(connectionId, environmentId) === name && around === before) {
      return;
    }
    this.names.set(environmentKey(connectionId, environmentId), {
      name,
      ...(around !== undefined && { organization: around }),
    });
    if (this.isWritten) {
      this.isWritten = false;
      const written = this.edit((all) => {
        this.isWritten = true;
        const named = [...this.names].map(([key, one]) => [key, { ...all[key], ...one }] as const);
        return { ...all, ...Object.fromEntries(named) };
      });
      written.catch(() => undefined); // The name will be seen again in the next session.
    }
    this.seen.fire();
  }

  /** Protects or unprotects an environment, regardless of its name, or makes it read-only. */
  async mark(connectionId: string, environmentId: number, mark: Mark): Promise<void> {
    const edits = await this.edits();
    const at = { connectionId, environmentId };
    await this.edit((all) => edits.marked(all, at, mark));
    this.announced = edits.marked(this.announced, at, mark);
    edits.everywhere(at).forEach((one) => this.marked.fire(one));
  }

  /** The connections on which an environment, or the same one of another connection, was protected explicitly. */
  async protecting(connectionId: string, environmentId: number): Promise<readonly string[]> {
    return (await this.edits()).protecting(this.read(), { connectionId, environmentId });
  }

  /** Forgets the environments of a removed connection. What it made stricter stays so for others to the same host. */
  async forget(connection: MarkedConnection): Promise<void> {
    const edits = await this.edits();
    for (const key of this.names.keys()) {
      if (key.startsWith(`${connection.id}/`)) {
        this.names.delete(key);
      }
    }
    await this.edit((all) => edits.forgotten(all, connection));
    await this.announce();
  }

  dispose(): void {
    this.returns?.dispose();
    this.seen.dispose();
    this.marked.dispose();
  }

  /** Announces what another window has marked: global state is shared, but has no change event. */
  private async announce(): Promise<void> {
    const [before, now] = [this.announced, this.read()];
    if (before !== now) {
      this.announced = now;
      (await this.edits()).changed(before, now).forEach((at) => this.marked.fire(at));
    }
  }

  private edit(change: (all: StoredMarks) => StoredMarks): Promise<void> {
    const done = this.writing.then(async () => {
      await this.memento.update(stateKey, change(this.read()));
    });
    this.writing = done.catch(() => undefined);
    return done;
  }

  private async edits(): Promise<MarkEdits> {
    const loaded = await import('./markEdits');
    return new loaded.MarkEdits(this.connections.list());
  }

  /** The strictest mark of this computer, on any connection to the same host: the environment is the same. */
  private own(
    connection: MarkedConnection,
    environmentId: number,
    mark: 'protect' | 'readOnly',
  ): boolean | undefined {
    const others = this.connections.list().filter(({ origin }) => origin === connection.origin);
    const marks = [connection, ...others].map(
      ({ id }) => this.read()[environmentKey(id, environmentId)]?.[mark],
    );
    return marks.includes(true) || (marks.includes(false) ? false : undefined);
  }

  private read(): StoredMarks {
    const from = this.memento.get(stateKey);
    if (from !== this.parsed.from) {
      const parsed = v.safeParse(storedMarks, from);
      this.parsed = { from, to: parsed.success ? parsed.output : {} };
    }
    return this.parsed.to;
  }
}
