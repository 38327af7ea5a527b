import type { EnvironmentDetail, WarehouseTable } from '../posthog/models';
import type { JsonObject } from '../json/json';
import { Cancelled } from '../connections/failures';
import type { Action } from './actions';
import type { Confirm } from './applySteps';
import { canceled } from './phrases';
import type { Conflict } from '../json/merge/merge';
import type { DocumentProblem } from '../json/parse';
import type { Unmerged } from './mergeDocument';

/** What the server was last seen to have. */
export interface Seen {
  readonly document: JsonObject;
  /** The same as the editor shows it. */
  readonly text: string;
  readonly detail?: EnvironmentDetail;
  readonly table?: WarehouseTable;
}

/** A save that did not leave the server with what the editor shows. */
export class SaveRefused extends Error {
  /** Spots in the text, for diagnostics. */
  readonly problems: readonly DocumentProblem[];
  /** The one thing a person can do about it. */
  readonly action: Action | undefined;
  /** The base from now on, where a part of the save was applied. Absent: the base stays as it was. */
  readonly base: JsonObject | undefined;
  /** What somebody else changed to something else since the document was opened, or during the save. */
  readonly conflicts: readonly Conflict[];
  /** The versions in conflict, where nothing was sent because of that: what `resolve` takes answers for. */
  readonly unmerged: Unmerged | undefined;
  /** What the server has, where a part of the save was applied: what the document shows when it is reverted. */
  readonly seen: Seen | undefined;

  constructor(
    message: string,
    options: {
      action?: Action | undefined;
      problems?: readonly DocumentProblem[];
      base?: JsonObject | undefined;
      conflicts?: readonly Conflict[];
      unmerged?: Unmerged | undefined;
      seen?: Seen | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SaveRefused';
    this.action = options.action;
    this.problems = options.problems ?? [];
    this.base = options.base;
    this.conflicts = options.conflicts ?? [];
    this.unmerged = options.unmerged;
    this.seen = options.seen;
  }
}

/** A save that the person ended before anything was sent: no refusal, but VS Code has to be told why it stays unsaved. */
export class SaveCancelled extends Cancelled {
  constructor(message = canceled) {
    super(message);
    this.name = 'SaveCancelled';
  }
}

/** Decides whether a planned save is sent. */
export type ConfirmSave = Confirm;

/** A save the server confirmed. */
export interface Saved {
  /** The document as the server has it now: the next base. */
  base: JsonObject;
  /**
   * What is typed while it is saved is typed into this: the document as it was saved, in the form that the server has,
   * or the next save would take that form for somebody else's change.
   */
  mine: JsonObject;
  /** The text the editor shows from now on. The person's own wherever it says the same as the server. */
  text: string;
  /** The top-level keys that were sent; empty: nothing had to be. */
  sentKeys: readonly string[];
  /** Names of what was merged in from somebody else's side. */
  taken: readonly string[];
  /** The environment as the server answered, where a settings document was sent. */
  detail?: EnvironmentDetail;
  /** The table as the server answered, where a table document was sent. */
  table?: WarehouseTable;
  /** What a person should know although the save succeeded. */
  notices: readonly string[];
}
