import type { EnvironmentDetail, WarehouseTable } from '../../posthog/models';
import type { JsonObject } from '../../json/json';
import type { Action } from '../actions';
import type { Confirm } from './applySteps';
import type { Conflict } from '../../json/merge/merge';
import type { DocumentProblem } from '../../json/parse';
import type { Unmerged } from './mergeDocument';

/** What the server was last seen to have. */
export interface Seen {
  readonly document: JsonObject;
  /** The same as text for the editor. */
  readonly text: string;
  readonly detail?: EnvironmentDetail;
  readonly table?: WarehouseTable;
}

/** A save after which the server doesn't have what the editor shows. */
export class SaveRefused extends Error {
  /** Positions in the text, for diagnostics. */
  readonly problems: readonly DocumentProblem[];
  /** The one thing the user can do about it. */
  readonly action: Action | undefined;
  /** The next base if the save was partly applied. Absent if the base stays the same. */
  readonly base: JsonObject | undefined;
  /** Someone else's conflicting changes since the document was opened, or during the save. */
  readonly conflicts: readonly Conflict[];
  /** The conflicting versions, if nothing was sent because of a conflict: `resolve` takes decisions for them. */
  readonly unmerged: Unmerged | undefined;
  /** What the server has if the save was partly applied: what reverting the document shows. */
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

/** Decides whether a planned save is sent. */
export type ConfirmSave = Confirm;

/** A save that the server confirmed. */
export interface Saved {
  /** The document as the server has it now: the next base. */
  base: JsonObject;
  /**
   * The saved document in the server's form. What is typed during the save is compared with this, so that the next save
   * doesn't treat that form as someone else's change.
   */
  mine: JsonObject;
  /** The text the editor should show: the user's own wherever it has the same values as the server. */
  text: string;
  /** The top-level keys that were sent; empty if nothing had to be. */
  sentKeys: readonly string[];
  /** Names of someone else's changes that were merged in. */
  taken: readonly string[];
  /** The environment as the server returned it, if a settings document was sent. */
  detail?: EnvironmentDetail;
  /** The table as the server returned it, if a table document was sent. */
  table?: WarehouseTable;
  /** What the user should know although the save succeeded. */
  notices: readonly string[];
}
