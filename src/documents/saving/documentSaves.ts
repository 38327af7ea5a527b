import * as vscode from 'vscode';
import type { Connections } from '../../connections/connections';
import type { EnvironmentMarks } from '../../connections/environmentMarks';
import { Canceled, failureText, isCanceled, noteOf, withTechnical } from '../../connections/failures';
import type { KnownOrganizations } from '../../directory/organizationName';
import type { RemoteChanges } from '../../directory/remoteChanges';
import { actionFor, type Action } from '../../operations/actions';
import type { Created } from '../../operations/environment/createEnvironment';
import type { Recorder } from '../../operations/history/history';
import type { CheckedHistory } from '../../operations/history/recordCheck';
import type { Applied, Partly } from '../../operations/outcome';
import {
  autoSaveSendsNothing,
  canceled,
  proposalNotSaved,
  saveCanceledLog,
} from '../../operations/phrases/saving';
import { sentences } from '../../operations/phrases/sentences';
import { nothingSent } from '../../posthog/outcomePhrases';
import type { Rehearse } from '../../operations/review/rehearsal';
import type { Unmerged } from '../../operations/save/mergeDocument';
import { SaveRefused, type ConfirmSave, type Saved } from '../../operations/save/saveRefused';
import { setContextKey } from '../../ui/contextKeys';
import { fileError } from '../../ui/fileErrors';
import { lateProgress } from '../../ui/lateProgress';
import type { Prompts } from '../../ui/prompts';
import type { Receipts } from '../../ui/receipts';
import type { DocumentFeatures } from '../documentFeatures';
import type { Documents } from '../documents';
import type { SaveTurn } from '../documentSlots';
import type { DocumentState } from '../documentState';
import { connectionIdOf, type DraftTarget } from '../uris/draftUri';
import { scheme } from '../uris/scheme';
import { isInActiveTab } from './activeTab';
import type { AutoSaves } from './autoSaves';
import { answeringFirst } from './answerFirst';
import { decodeContent } from './decodeContent';
import { SaveRefusals } from './saveRefusals';
import { SaveReviews } from './saveReviews';

/** A draft that became an environment. */
export interface CreatedFromDraft {
  uri: vscode.Uri;
  connectionId: string;
  /** What was saved. */
  text: string;
  outcome: Applied<Created> | Partly<Created>;
}

/** What a save asks first and reports afterwards. */
export interface SaveServices {
  connections: Connections;
  directory: KnownOrganizations;
  changes: RemoteChanges;
  marks: EnvironmentMarks;
  receipts: Pick<Receipts, 'add'>;
  /** What was written to PostHog. */
  history(): Promise<Recorder & CheckedHistory>;
  prompts(): Prompts;
  rehearse: Rehearse;
}

/** Where a save came from. */
interface SaveOrigin {
  /** Whether the written text is the editor's. */
  isFromEditor: boolean;
  /** Whether auto-save started it. */
  isAutomatic: boolean;
  /** Whether the document was in the active tab. */
  isActive: boolean;
}

/** The callbacks of one save. */
interface SaveRun extends Pick<SaveOrigin, 'isFromEditor'> {
  signal: AbortSignal;
  confirm: ConfirmSave;
}

const decoder = new TextDecoder();

/** Saves documents: reviews the changes, sends them, and shows in the document what became of them. */
export class DocumentSaves {
  private readonly noticed = new vscode.EventEmitter<{ uri: vscode.Uri; notices: readonly string[] }>();
  /** Fires after a successful save that has something to report. */
  readonly onDidSaveWithNotices = this.noticed.event;
  private readonly created = new vscode.EventEmitter<CreatedFromDraft>();
  /** Fires after a draft was saved, but before its editor is marked clean. */
  readonly onDidCreate = this.created.event;
  private readonly refusals: SaveRefusals;
  private readonly reviews = new SaveReviews(
    async (subjects) => {
      const { askReview } = await import('../../ui/reviewPrompt');
      const copy = (text: string): Thenable<void> => vscode.env.clipboard.writeText(text);
      return askReview({ prompts: this.services.prompts(), copy }, subjects);
    },
    () => this.unsavedDocuments(),
  );

  constructor(
    private readonly documents: Documents,
    private readonly features: DocumentFeatures,
    private readonly autoSaves: AutoSaves,
    private readonly services: SaveServices,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.refusals = new SaveRefusals(documents, services, log);
  }

  /**
   * Saves a text once the document's earlier saves are over.
   *
   * @throws vscode.FileSystemError if it wasn't saved
   */
  async save(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    // Determined now: when this save's turn comes, the editor may have other text, and another tab may be active.
    const isFromEditor = this.documents.isFromEditor(uri, decoder.decode(content));
    const isAutoSave = this.autoSaves.take(uri);
    const origin = {
      isFromEditor,
      isAutomatic: isFromEditor && isAutoSave,
      isActive: isInActiveTab(uri),
    };
    await this.documents.save(uri, (turn) => this.saveInTurn(uri, content, origin, turn));
  }

  /** The state of a document to save. @throws vscode.FileSystemError */
  private async load(uri: vscode.Uri, turn: SaveTurn): Promise<DocumentState> {
    try {
      return await this.documents.load(uri);
    } catch (error) {
      if (isCanceled(error)) {
        throw fileError('Unavailable', canceled);
      }
      const text = sentences(failureText(error, this.log), nothingSent);
      throw this.refusals.report(turn, uri, text, actionFor(error, connectionIdOf(uri)));
    }
  }

  private async saveInTurn(
    uri: vscode.Uri,
    content: Uint8Array,
    origin: SaveOrigin,
    turn: SaveTurn,
  ): Promise<void> {
    const { isFromEditor, isAutomatic, isActive } = origin;
    const state = await this.load(uri, turn);
    if (state.readOnly !== undefined) {
      // An extension that writes the file gets the reason itself.
      throw isFromEditor
        ? this.refusals.report(turn, uri, sentences(state.readOnly, nothingSent), undefined)
        : fileError('NoPermissions', state.readOnly);
    }
    if (state.view === 'proposal') {
      this.saveProposal(state, decoder.decode(content), origin, turn);
      return;
    }
    const ticket = this.reviews.begin(isActive);
    try {
      if (isAutomatic) {
        throw new Canceled({ note: autoSaveSendsNothing });
      }
      const text = decodeContent(content, state.misreadAs);
      const saved = await lateProgress(`Saving ${this.documents.textOf(uri)}`, (signal, hold) => {
        const confirm: ConfirmSave = async (plan, consented) => {
          const { saveGate } = await import('./saveGate');
          const { connections, directory, marks, prompts, rehearse } = this.services;
          const services = {
            connections,
            directory,
            marks,
            prompts: prompts(),
            signal,
            rehearse,
            log: this.log,
          };
          return hold(() => saveGate(services, state, isActive, ticket)(plan, consented));
        };
        return this.send(state, text, { signal, confirm, isFromEditor });
      });
      this.features.diagnostics.clearRefusal(uri);
      this.documents.conflicts.forget(state);
      this.documents.adoptSave(state, text, saved, isFromEditor);
      if (state.target.kind === 'settings' && saved.sentKeys.length > 0) {
        setContextKey('savedSettings');
      }
      if (saved.sentKeys.length === 0) {
        void this.recordCheck(state, saved);
      }
      if (saved.notices.length > 0) {
        this.noticed.fire({ uri, notices: saved.notices });
      }
    } catch (error) {
      throw await this.refuse(state, decoder.decode(content), error, isFromEditor, turn);
    } finally {
      ticket.pass();
    }
  }

  /** There was nothing left to send, so an earlier save whose outcome was unknown may have been applied after all. */
  private async recordCheck({ target }: DocumentState, { base }: Saved): Promise<void> {
    if (target.kind === 'new') {
      return;
    }
    try {
      const { recordCheck } = await import('../../operations/history/recordCheck');
      await recordCheck(await this.services.history(), target, base);
    } catch (error) {
      // The save itself succeeded.
      this.log.error(`Couldn't update the history: ${String(error)}`);
    }
  }

  /** A draft of a proposal is only ever written to a file. What equals PostHog's version makes its editor clean. */
  private saveProposal(
    state: DocumentState,
    text: string,
    { isFromEditor, isAutomatic }: Omit<SaveOrigin, 'isActive'>,
    turn: SaveTurn,
  ): void {
    const { uri, revisions } = state;
    if (!revisions.isEdited(text)) {
      const { base } = revisions.of(text);
      this.documents.adoptSave(state, text, { base, mine: base, text }, isFromEditor);
      return;
    }
    throw isAutomatic
      ? fileError('Unavailable', proposalNotSaved)
      : this.refusals.report(turn, uri, proposalNotSaved, { kind: 'propose' });
  }

  private async send(state: DocumentState, text: string, run: SaveRun): Promise<Saved> {
    const { target, revisions } = state;
    const { base } = run.isFromEditor ? revisions.of(text) : revisions.current;
    if (target.kind === 'new') {
      return this.create(state, target, text, run);
    }
    const { saveDocument } = await import('../../operations/save/saveDocument');
    return saveDocument(answeringFirst(this.services), target, {
      ...{ text, base, role: state.role, signal: run.signal, confirm: run.confirm },
      ...(run.isFromEditor && { decided: this.documents.conflicts.decide(state, text) }),
      rebase: ({ base: seenBase, seen }) => {
        if (seenBase) {
          this.documents.rebase(state, seenBase, seen?.text, seen?.document);
        }
      },
    });
  }

  private async create(
    state: DocumentState,
    target: DraftTarget,
    text: string,
    run: SaveRun,
  ): Promise<Saved> {
    const { saveDraft } = await import('../../operations/save/saveDraft');
    const outcome = await saveDraft(this.services, target, {
      ...{ text, base: state.base, signal: run.signal, confirm: run.confirm },
      remember: (base) => this.documents.rebaseAndKeep(state, base),
    });
    this.created.fire({ uri: state.uri, connectionId: target.connectionId, text, outcome });
    return { base: state.base, mine: state.base, text, sentKeys: [], taken: [], notices: [] };
  }

  private async refuse(
    state: DocumentState,
    text: string,
    error: unknown,
    isFromEditor: boolean,
    turn: SaveTurn,
  ): Promise<vscode.FileSystemError> {
    const { target } = state;
    const place =
      target.kind === 'new' ? 'new environment' : `${target.kind} of environment ${target.environment.id}`;
    if (isCanceled(error)) {
      // It isn't a refusal, but VS Code needs to know why the document stays unsaved.
      this.log.info(saveCanceledLog(place));
      return fileError('Unavailable', noteOf(error) ?? canceled);
    }
    let action: Action | undefined;
    let message: string;
    let better: Promise<string | undefined> | undefined;
    if (error instanceof SaveRefused) {
      action = error.action;
      message = error.message;
      this.features.diagnostics.showRefusal(state.uri, error.problems, text);
      if (isFromEditor && error.unmerged) {
        this.documents.conflicts.keep(state, error.unmerged);
        better = this.loadAuthors(state, error.unmerged);
      }
    } else {
      message = failureText(error, this.log);
      action = actionFor(error, state.target.connectionId);
    }
    this.log.warn(withTechnical(`Not saved (${place}).`, error instanceof SaveRefused ? error.cause : error));
    return this.refusals.report(turn, state.uri, message, action, better);
  }

  /** Finds out who made conflicting changes, after the save has failed and without delaying it. */
  private async loadAuthors(state: DocumentState, unmerged: Unmerged): Promise<string | undefined> {
    const { loadConflictAuthors } = await import('../conflicts/loadConflictAuthors');
    const { documents, log } = this;
    return loadConflictAuthors({ documents, log, connections: this.services.connections }, state, unmerged);
  }

  /** How many documents have unsaved changes. */
  private unsavedDocuments(): number {
    const hasEdits = ({ uri, isDirty }: vscode.TextDocument): boolean => {
      const state = this.documents.peek(uri);
      return state ? this.documents.hasEdits(state) : isDirty && uri.scheme === scheme;
    };
    return vscode.workspace.textDocuments.filter(hasEdits).length;
  }
}
