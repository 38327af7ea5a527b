import assert from 'node:assert/strict';
import { Revisions } from '../../../../src/documents/revisions';
import { saveSettings, saveTable } from '../../../../src/operations/save/savePipeline';
import { SaveRefused, type Saved } from '../../../../src/operations/save/saveRefused';
import type { Confirm } from '../../../../src/operations/save/applySteps';
import { sideOf } from '../../../../src/operations/history/entry';
import { History } from '../../../../src/operations/history/history';
import type { Begin } from '../../../../src/operations/history/recording';
import { whyNotUndoable } from '../../../../src/operations/history/undo';
import { undoWrite } from '../../../../src/operations/history/undoWrite';
import { changedBeside, replacedIn, type WriteWindow } from '../../../../src/operations/history/window';
import { Canceled } from '../../../../src/connections/failures';
import { MemoryStore } from '../../operations/history/memoryStore';
import { PostHogClient } from '../../../../src/posthog/client';
import { formatDocument } from '../../../../src/settings/document';
import {
  isJsonObject,
  jsonEquals,
  objectOf,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../../../src/json/json';
import type { MergePath } from '../../../../src/json/merge/path';
import { mergeDocument, resolve, type Unmerged } from '../../../../src/operations/save/mergeDocument';
import {
  ENVIRONMENT,
  ModelServer,
  TABLE,
  fates,
  ignored,
  differing,
  piecesOf,
  sentOver,
  tidied,
  type Flight,
  type Generation,
  type Kind,
} from './modelServer';

/** What happened in a run of the model. */
export interface Tally {
  steps: number;
  saves: number;
  saved: number;
  refused: number;
  writes: number;
  /** Saves that merged someone else's changes. */
  merged: number;
  /** Conflicts that were resolved. */
  answered: number;
  /** Reviews that were answered, and those that were canceled. */
  reviewed: number;
  reviewsCanceled: number;
  /** Changes that were undone, and those of them that others had changed since. */
  undone: number;
  undoConflicts: number;
  /** Values that someone set between the GET and the PATCH of a write, and that the write replaced. */
  inWindow: number;
  /** How many of them were noticed afterwards. */
  noticed: number;
  /** Other values of someone else's that were noticed during a write, and stayed. */
  noticedBeside: number;
}

const newTally = (): Tally => ({
  ...{ steps: 0, saves: 0, saved: 0, refused: 0, writes: 0, merged: 0, answered: 0, reviewed: 0 },
  ...{ reviewsCanceled: 0, undone: 0, undoConflicts: 0, inWindow: 0, noticed: 0, noticedBeside: 0 },
});

/** A save or an undo in progress. */
interface Saving {
  readonly content: string;
  readonly base: JsonObject;
  /** The settings or columns in which it replaced a value that was set during the write and never seen. */
  readonly lost: string[];
  /** A review waiting for its answer. */
  review: { send(): void; cancel(): void } | undefined;
  /** What the server returned to it. */
  readonly served: JsonObject[];
  /** The server's clock at the last read before a write. */
  lookedAt: number;
  looked: JsonObject | undefined;
  /** A write was sent, and may arrive long after. */
  isSent: boolean;
  readonly writes: Record<'PATCH' | 'POST', number>;
}

/** An editor of a document, in its own window. */
class Editor {
  readonly revisions: Revisions;
  text: string;
  saving: Saving | undefined;
  /** The save is complete, but VS Code hasn't been notified yet. */
  isSettled = true;
  refusal: SaveRefused | undefined;
  readonly #seen = new Map<string, Set<string>>();

  constructor(
    readonly index: number,
    readonly kind: Kind,
    readonly client: PostHogClient,
    readonly generation: Generation,
    document: JsonObject,
  ) {
    this.text = formatDocument(document);
    this.revisions = new Revisions({ base: document, text: this.text, mtime: 1 });
    this.see(document);
  }

  get document(): JsonObject {
    return parsed(this.text);
  }

  get isEdited(): boolean {
    return this.revisions.isEdited(this.text);
  }

  show(text: string, isDirty: boolean): void {
    this.text = text;
    this.revisions.see(text, isDirty);
    this.see(this.document);
  }

  /** The user has seen these values: as the server's, or as their own in the server's form. */
  see(document: JsonObject): void {
    for (const [path, value] of [...piecesOf(document), ...piecesOf(tidied(document))]) {
      const values = this.#seen.get(path) ?? new Set();
      this.#seen.set(path, values);
      values.add(JSON.stringify(value));
    }
  }

  hasSeen(path: string, value: JsonValue | undefined): boolean {
    return value === undefined || (this.#seen.get(path)?.has(JSON.stringify(value)) ?? false);
  }
}

function parsed(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isJsonObject(value));
  return value;
}

/** Random numbers determined by a seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The environment's project, if it has one: a different number, so that confusing the two leads to a different URL. */
const PROJECT = 3;

/** How often to set the value that the plan doesn't include: rarely, because every save of it is refused. */
const ignoredShare = 0.01;

const canAnswer = ({ saving, isEdited, refusal }: Editor): boolean =>
  saving === undefined && isEdited && refusal !== undefined;

const ignore = (): void => undefined;

/** A document with a single value. */
function nested(path: MergePath, value: JsonValue | undefined): JsonObject {
  const at = ([step, ...rest]: MergePath): JsonValue | undefined =>
    step === undefined
      ? value
      : typeof step === 'string'
        ? { [step]: at(rest) }
        : [rest.length === 0 ? (value ?? null) : { [step.key]: step.is, ...objectOf(at(rest)) }];
  return objectOf(at(path));
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two editors of one document and a script, using the real pipeline and client, one random step after another. */
class Play {
  readonly tally: Tally = newTally();
  readonly #server: ModelServer;
  readonly #random: () => number;
  readonly #editors: readonly Editor[];
  /** Undoes changes from the history, and never types. */
  readonly #undoer: Editor;
  readonly #history: History;
  readonly #trace: string[] = [];
  /** The save that each request belongs to. */
  readonly #savings = new WeakMap<Flight, Saving>();
  #fresh = 0;
  #failure: Error | undefined;

  constructor(
    seed: number,
    readonly kind: Kind,
    readonly generation: Generation,
  ) {
    this.#random = random(seed);
    this.#server = new ModelServer(generation);
    this.#editors = [0, 1].map(
      (index) =>
        new Editor(index, kind, clientOf(this.#server, index), generation, this.#server.document(kind)),
    );
    this.#undoer = new Editor(2, kind, clientOf(this.#server, 2), generation, this.#server.document(kind));
    const log = {
      debug: ignore,
      info: ignore,
      warn: (text: string) => this.#fail(new Error(text)),
      error: ignore,
    };
    this.#history = new History(new MemoryStore(), { nameOf: () => 'Shop' }, log);
    this.#server.onServed = (flight, _kind, document) => {
      const saving = this.#savings.get(flight);
      saving?.served.push(document);
      if (saving && flight.request.method === 'GET' && !saving.isSent) {
        saving.lookedAt = this.#server.clock;
        saving.looked = document;
      }
    };
    this.#server.onApplied = (flight, _kind, body, replaced) => {
      try {
        this.#checkWrite(flight, body, replaced);
      } catch (error) {
        this.#fail(error);
      }
    };
  }

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      this.tally.steps += 1;
      await this.#step();
      await this.#rest();
      if (this.#failure) {
        throw this.#failure;
      }
    }
    await this.#end();
  }

  /** Ends everything in progress, because pending time limits would keep the process alive. */
  async #end(): Promise<void> {
    const { flights } = this.#server;
    while (this.#people.some(({ saving }) => saving)) {
      this.#people.forEach(({ saving }) => saving?.review?.cancel());
      for (const flight of [...flights]) {
        if (!flight.answer) {
          this.#keep(flight);
          this.#server.serve(flight, 'lost');
        }
        this.#server.answer(flight);
      }
      await this.#rest();
    }
    if (this.#failure) {
      throw this.#failure;
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error('Not an error.', { cause: error });
  }

  /** The latest steps, for whoever looks for the error. */
  trace(): string {
    return this.#trace.slice(-40).join('\n');
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    assert.ok(item !== undefined);
    return item;
  }

  #note(what: string): void {
    this.#trace.push(`${this.tally.steps}: ${what}`);
  }

  async #step(): Promise<void> {
    const editor = this.#pick(this.#editors);
    const { flights, late } = this.#server;
    const choice = this.#random();
    const { review } = this.#pick([...this.#editors, this.#undoer]).saving ?? {};
    if (choice < 0.02) {
      this.#undo();
    } else if (review && choice < 0.4) {
      this.#answerReview(review);
    } else if (choice < 0.12) {
      this.#type(editor);
    } else if (choice < 0.24) {
      this.#save(editor);
    } else if (choice < 0.27) {
      const change = this.#change(this.#server.document(this.kind));
      this.#note(`script sets ${JSON.stringify(change)}`);
      this.#server.change(this.kind, change);
    } else if (choice < 0.33) {
      this.#showServer(editor);
    } else if (choice < 0.35 || (choice < 0.7 && canAnswer(editor))) {
      this.#answerRefusal(editor);
    } else if (choice < 0.43) {
      this.#hear(editor);
    } else if (choice < 0.45 && late.length > 0) {
      const flight = this.#pick(late);
      this.#note(`late: ${describe(flight)}`);
      this.#server.deliverLate(flight);
    } else if (flights.length > 0) {
      const flight = this.#pick(flights);
      if (flight.answer) {
        this.#note(`answer to ${describe(flight)}`);
        this.#server.answer(flight);
      } else {
        const fate = this.#random() < 0.85 ? 'fine' : this.#pick(fates);
        this.#note(`${fate}: ${describe(flight)}`);
        this.#keep(flight);
        this.#server.serve(flight, fate);
      }
    }
  }

  /** Runs the clients until they wait for the server, or are done. */
  async #rest(): Promise<void> {
    await tick();
    for (const { saving, index } of this.#people) {
      let rounds = 0;
      while (this.#isBusy(saving, index)) {
        await tick();
        rounds += 1;
        assert.ok(rounds < 10_000, `${index} waits for nothing`);
      }
    }
  }

  get #people(): readonly Editor[] {
    return [...this.#editors, this.#undoer];
  }

  /** Whether a save or undo continues by itself: it waits neither for the server nor for an answer. */
  #isBusy(saving: Saving | undefined, index: number): boolean {
    return (
      saving !== undefined &&
      this.#people[index]?.saving === saving &&
      !saving.review &&
      !this.#server.flights.some(({ owner }) => owner === index)
    );
  }

  /** A different value, usually one that has never been used. */
  #change(document: JsonObject): JsonObject {
    this.#fresh += 1;
    const fresh = this.#fresh;
    if (this.kind === 'table') {
      const columns = isJsonObject(document.columns) ? document.columns : {};
      return this.#pick<JsonObject>([
        { name: `orders_${fresh}` },
        { url_pattern: `https://bucket.s3.amazonaws.com/${fresh}/*.parquet` },
        {
          columns: {
            ...columns,
            [this.#pick(Object.keys(columns))]: this.#pick(['integer', 'float', 'string', 'date']),
          },
        },
      ]);
    }
    const replay = isJsonObject(document.session_replay_config) ? document.session_replay_config : {};
    const ai = isJsonObject(replay.ai_config) ? replay.ai_config : {};
    const modifiers = isJsonObject(document.modifiers) ? document.modifiers : {};
    const extra = isJsonObject(document.extra_settings) ? document.extra_settings : {};
    const urls = Array.isArray(document.app_urls) ? document.app_urls : [];
    const rules = Array.isArray(document.path_cleaning_filters)
      ? document.path_cleaning_filters.filter(isJsonObject)
      : [];
    if (this.#random() < ignoredShare) {
      return { [ignored]: fresh };
    }
    return this.#pick<JsonObject>([
      { name: `Shop ${fresh}` },
      { name: ` Shop ${fresh} ` },
      { product_description: `Boots ${fresh}` },
      { week_start_day: fresh % 2 },
      { person_display_name_properties: [`p${fresh} `, 'email', '', 'email'] },
      { person_display_name_properties: [`p${fresh}`] },
      { test_account_filters: [{ key: 'id', type: 'cohort', operator: 'in', value: fresh }] },
      { session_recording_sample_rate: (fresh % 101) / 100 },
      { session_replay_config: { ...replay, record_canvas: fresh % 2 === 0 } },
      { session_replay_config: { ...replay, ai_config: { ...ai, preferred_events: [`e${fresh}`] } } },
      { session_replay_config: { ...replay, ai_config: { ...ai, opt_in: fresh % 2 === 0 } } },
      { survey_config: { appearance: { position: `at ${fresh}` } } },
      { feature_flag_confirmation_message: `Sure ${fresh}?` },
      { extra_settings: { a: fresh, ...(fresh % 3 === 0 ? { b: fresh } : {}) } },
      { extra_settings: { ...extra, [this.#pick(['b', 'c', 'd'])]: fresh } },
      { app_urls: [...urls.slice(fresh % 2), `https://example.com/${fresh}`] },
      { path_cleaning_filters: [...rules, { alias: `/${fresh}`, regex: 'x' }] },
      { path_cleaning_filters: [{ alias: `/${fresh}`, regex: 'x' }, ...rules] },
      { path_cleaning_filters: rules.filter((_, index) => index !== fresh % rules.length) },
      {
        path_cleaning_filters: rules.map((one, index) =>
          index === fresh % 3 ? { ...one, regex: `r${fresh}` } : one,
        ),
      },
      { modifiers: { ...modifiers, debug: fresh % 2 === 0 } },
      { modifiers: { ...modifiers, customChannelTypeRules: [{ id: `r${fresh}`, channel_type: 'Direct' }] } },
    ]);
  }

  #type(editor: Editor): void {
    const change = this.#change(editor.document);
    this.#note(`editor ${editor.index} types ${JSON.stringify(change)}`);
    editor.show(formatDocument({ ...editor.document, ...change }), true);
  }

  #save(editor: Editor): void {
    if (editor.saving || !editor.isEdited || !editor.isSettled) {
      return;
    }
    const content = editor.text;
    editor.revisions.see(content, true);
    const { base } = editor.revisions.of(content);
    const saving = this.#newSaving(content, base);
    editor.saving = saving;
    editor.refusal = undefined;
    this.tally.saves += 1;
    this.#note(`editor ${editor.index} saves`);
    const request = {
      client: editor.client,
      environment: { id: ENVIRONMENT, projectId: PROJECT },
      text: content,
      base,
      signal: new AbortController().signal,
      confirm: this.#confirm(editor, saving),
      begin: this.#begin(saving, 'save'),
    };
    const save =
      this.kind === 'settings'
        ? saveSettings(request, this.generation)
        : saveTable(request, TABLE, this.generation);
    save
      .then(
        (saved) => this.#onSaved(editor, saving, saved),
        (error: unknown) => this.#onRefused(editor, saving, error),
      )
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        editor.saving = undefined;
      });
  }

  #onSaved(editor: Editor, { content, base, served }: Saving, saved: Saved): void {
    this.tally.saved += 1;
    this.#note(`editor ${editor.index} has saved`);
    this.tally.merged += saved.taken.length > 0 ? 1 : 0;
    const now = piecesOf(saved.base);
    const mine = piecesOf(tidied(parsed(content)));
    // A different spelling of the same value isn't a change.
    for (const path of differing(piecesOf(tidied(base)), mine)) {
      assert.deepEqual(now.get(path), mine.get(path), `reported as saved: ${path}`);
    }
    if (served.length > 0) {
      assert.ok(
        served.some((document) => jsonEquals(document, saved.base)),
        "the next base isn't a response of the server",
      );
    }
    assert.deepEqual(parsed(saved.text), saved.base, "the editor doesn't show the base");
    editor.revisions.save(content, saved);
    editor.revisions.see(editor.text, true);
    editor.isSettled = false;
  }

  #newSaving(content: string, base: JsonObject): Saving {
    return {
      ...{ content, base, lost: [], review: undefined, served: [], looked: undefined, isSent: false },
      lookedAt: this.#server.clock,
      writes: { PATCH: 0, POST: 0 },
    };
  }

  /** Some writes are reviewed first, which takes any amount of time. */
  #confirm(editor: Editor, saving: Saving): Confirm {
    return ({ changes }) => {
      if (this.#random() < 0.5) {
        return Promise.resolve({ isAsked: false });
      }
      editor.see(sideOf(changes, 'from'));
      return new Promise((resolve, reject) => {
        const answered = (then: () => void) => (): void => {
          saving.review = undefined;
          then();
        };
        saving.review = {
          // Others could make changes during the review, so the server must be read again.
          send: answered(() => {
            saving.looked = undefined;
            resolve({ isAsked: true });
          }),
          cancel: answered(() => reject(new Canceled())),
        };
      });
    };
  }

  #answerReview(review: NonNullable<Saving['review']>): void {
    const isSent = this.#random() < 0.8;
    this.#note(isSent ? 'a review is answered' : 'a review is canceled');
    this.tally[isSent ? 'reviewed' : 'reviewsCanceled'] += 1;
    (isSent ? review.send : review.cancel)();
  }

  /** Records a write in the history, and checks afterwards what others did meanwhile. */
  #begin(saving: Saving, kind: 'save' | 'undo'): Begin {
    return async (changes) => {
      const place = { connectionId: 'one', environment: { id: ENVIRONMENT, projectId: PROJECT } };
      const table = this.kind === 'table' ? { table: { id: TABLE, name: 'orders' } } : {};
      const write = await this.#history.begin({ ...place, ...table, kind, changes });
      return {
        ...write,
        end: (outcome, known) => {
          write.end(outcome, known);
          if (known?.window) {
            this.#lookBack(saving, known.window);
          }
        },
      };
    };
  }

  /** Counts what was noticed of others' writes during a write; nothing else may be noticed. */
  #lookBack({ lookedAt, lost }: Saving, window: WriteWindow): void {
    const since = this.#server.changes.filter(({ at }) => at > lookedAt);
    const isTheirs = (key: string): boolean => since.filter((one) => one.key === key).length > 0;
    const replaced = replacedIn(window, this.#server.activity);
    const keys = new Set(replaced.map(({ path }) => String(path[0])));
    for (const key of keys) {
      assert.ok(since.filter((one) => one.key === key).length > 1, `reported as replaced: ${key}`);
    }
    const beside = changedBeside(window);
    for (const { path } of beside) {
      assert.ok(isTheirs(String(path[0])), `reported as changed: ${path.join('.')}`);
    }
    if (this.kind === 'settings') {
      // Everything that got a response is noticed, except for tables, which have no activity log.
      assert.deepEqual(
        lost.filter((key) => !keys.has(key)),
        [],
        'lost without notice',
      );
    }
    this.tally.noticed += lost.filter((key) => keys.has(key)).length;
    this.tally.noticedBeside += beside.length;
  }

  /** Someone undoes a change in the history, and resolves what others have changed since. */
  #undo(): void {
    const undoer = this.#undoer;
    if (undoer.saving) {
      return;
    }
    const saving = this.#newSaving('', {});
    undoer.saving = saving;
    this.#undoNewest(undoer, saving)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        undoer.saving = undefined;
      });
  }

  async #undoNewest(undoer: Editor, saving: Saving): Promise<void> {
    const { entries } = await this.#history.list({ connectionIds: ['one'] }, 10);
    const entry = entries.length > 0 ? this.#pick(entries) : undefined;
    if (entry?.finishedAt === undefined || whyNotUndoable(entry) !== undefined) {
      return;
    }
    this.#note(`undoes ${JSON.stringify(entry.changes)}`);
    undoer.see(sideOf(entry.changes, 'to'));
    undoer.see(sideOf(entry.changes, 'from'));
    const services = {
      connections: { client: async () => undoer.client },
      ...{ changes: { fire: ignore }, receipts: { add: ignore } },
      history: async () => ({
        begin: ({ changes }: { changes: Parameters<Begin>[0] }) => this.#begin(saving, 'undo')(changes),
      }),
    };
    const outcome = await undoWrite(services, entry, {
      signal: new AbortController().signal,
      confirm: this.#confirm(undoer, saving),
      decide: async (conflicts) => {
        this.tally.undoConflicts += 1;
        conflicts.forEach(({ path, now }) => undoer.see(nested(path, now)));
        return this.#random() < 0.5 ? 'all' : 'rest';
      },
    }).catch((error: unknown) => {
      assert.ok(error instanceof Canceled, String(error));
      return undefined;
    });
    this.#note(`undo: ${outcome?.kind ?? 'canceled'} ${outcome?.what ?? ''}`);
    this.tally.undone += Number(outcome?.kind === 'applied' && outcome.what.startsWith('Undone'));
  }

  #onRefused(editor: Editor, { content, base, served, writes }: Saving, error: unknown): void {
    if (error instanceof Canceled) {
      assert.equal(writes.PATCH + writes.POST, 0, 'something was sent');
      return;
    }
    assert.ok(error instanceof SaveRefused, String(error));
    this.tally.refused += 1;
    this.#note(`editor ${editor.index} is refused: ${error.message}`);
    if (error.message.includes('Nothing was sent')) {
      assert.equal(writes.PATCH + writes.POST, 0, 'something was sent');
    }
    if (error.base) {
      const mine = piecesOf(tidied(parsed(content)));
      const moved = piecesOf(error.base);
      for (const path of differing(piecesOf(base), moved)) {
        assert.deepEqual(
          moved.get(path),
          mine.get(path),
          `the base of ${path} moved without being confirmed`,
        );
      }
      if (error.seen) {
        const { document } = error.seen;
        assert.ok(
          served.some((one) => jsonEquals(one, document)),
          "a revert wouldn't show a response of the server",
        );
      }
      editor.revisions.rebase(error.base, error.seen?.text, error.seen?.document);
    }
    editor.refusal = error;
  }

  /** VS Code completes a save, and reads what was announced. */
  #hear(editor: Editor): void {
    if (editor.saving) {
      return;
    }
    if (!editor.isSettled) {
      editor.isSettled = true;
      editor.revisions.settle(editor.text);
    } else if (!editor.isEdited) {
      editor.show(editor.revisions.current.text, false);
    }
  }

  /** Someone refreshes: an editor without edits shows what the server has. */
  #showServer(editor: Editor): void {
    if (!editor.isEdited && !editor.saving && editor.isSettled) {
      const document = this.#server.document(this.kind);
      editor.revisions.announce(document, formatDocument(document));
    }
  }

  /** What a user does about a refused save, or just after a while. */
  #answerRefusal(editor: Editor): void {
    if (!canAnswer(editor)) {
      return;
    }
    const { unmerged } = editor.refusal ?? {};
    editor.refusal = undefined;
    const theirs = this.#server.document(this.kind);
    // Keeping a value that PostHog doesn't accept would be refused forever.
    const untaken = { ...editor.document, [ignored]: theirs[ignored] ?? null };
    const isUntaken = ignored in theirs && !jsonEquals(untaken, editor.document);
    const ways = ['mine', 'answer', 'answer', 'theirs', 'revert', 'nothing'];
    switch (isUntaken ? 'takeOut' : this.#pick(unmerged ? ways : ways.filter((way) => way !== 'answer'))) {
      case 'answer':
        this.#answer(editor, unmerged);
        break;
      case 'takeOut':
        this.#note(`editor ${editor.index} takes out what PostHog does not take`);
        editor.show(formatDocument(untaken), true);
        break;
      case 'mine': {
        const { merged } = mergeDocument(this.kind, {
          base: editor.revisions.shown.base,
          mine: editor.document,
          theirs,
        });
        this.#note(`editor ${editor.index} keeps its version`);
        editor.see(theirs);
        editor.show(formatDocument(merged), true);
        editor.revisions.rebase(theirs, formatDocument(theirs));
        break;
      }
      case 'theirs':
        this.#note(`editor ${editor.index} takes the other version`);
        editor.show(formatDocument(theirs), true);
        editor.revisions.rebase(theirs, formatDocument(theirs));
        editor.show(formatDocument(theirs), false);
        break;
      case 'revert':
        this.#note(`editor ${editor.index} reverts`);
        editor.show(editor.revisions.current.text, false);
        break;
    }
  }

  /** Answers each conflict separately, based on what was shown. What is typed by then is mine. */
  #answer(editor: Editor, unmerged: Unmerged | undefined): void {
    assert.ok(unmerged);
    const { theirs } = unmerged.versions;
    const versions = { base: editor.revisions.shown.base, mine: editor.document, theirs };
    const { conflicts } = mergeDocument(this.kind, versions);
    const answers = conflicts.map(({ path, base }) => ({
      path,
      use: this.#pick(['mine' as const, 'theirs' as const, { value: base }]),
    }));
    this.#note(`editor ${editor.index} answers ${JSON.stringify(answers)}`);
    this.tally.answered += answers.length;
    const { merged } = resolve({ kind: this.kind, versions, conflicts }, answers);
    editor.see(theirs);
    editor.show(formatDocument(merged), true);
    editor.revisions.rebase(theirs, formatDocument(theirs));
  }

  #checkWrite(
    flight: Flight,
    body: JsonObject,
    replaced: readonly { path: string; from: JsonValue | undefined; setAt: number }[],
  ): void {
    const editor = this.#people[flight.owner];
    const saving = this.#savings.get(flight);
    assert.ok(editor);
    this.tally.writes += 1;
    const { method } = flight.request;
    assert.ok(method === 'PATCH' || method === 'POST');
    const looked = saving?.looked;
    assert.ok(saving && looked, 'a write without a read');
    saving.writes[method] += 1;
    assert.equal(saving.writes[method], 1, `${method} was sent twice`);
    for (const key of Object.keys(body)) {
      const isOpen = !jsonEquals(sentOver(this.generation, key, looked[key], body[key]), looked[key]);
      assert.ok(isOpen, `${key} was sent although the server had it`);
    }
    for (const { path, from, setAt } of replaced) {
      if (setAt > saving.lookedAt) {
        if (!editor.hasSeen(path, from)) {
          this.tally.inWindow += 1;
          saving.lost.push(/^[^.{[]+/.exec(path)?.[0] ?? path);
        }
      } else {
        assert.ok(editor.hasSeen(path, from), `lost update: ${path} was ${JSON.stringify(from)}`);
      }
    }
  }

  /** A request that is applied late belongs to the save that sent it. */
  #keep(flight: Flight): void {
    const saving = this.#people[flight.owner]?.saving;
    if (saving) {
      this.#savings.set(flight, saving);
      saving.isSent ||= flight.request.method !== 'GET';
    }
  }
}

function clientOf(server: ModelServer, owner: number): PostHogClient {
  return new PostHogClient({
    origin: 'https://posthog.example.com',
    key: async () => 'phx_modelKeyOfNobody0123456789abcdef',
    transport: server.transport(owner),
    userAgent: 'model/1.0',
    timeoutMs: 60_000,
    profile:
      server.generation === 'current'
        ? { generation: 'current', settingsRoute: 'projects' }
        : { generation: 'documented', settingsRoute: 'nested' },
    sleep: async (_durationMs, signal) => signal.throwIfAborted(),
  });
}

function describe({ owner, request: { method, url, body } }: Flight): string {
  return `${method} of editor ${owner} ${url.replace(/^.*\/api/, '')} ${typeof body === 'string' ? body : ''}`;
}

/** Number of steps per run, after which another one starts with another seed. */
const stepsOfPlay = 500;

/**
 * Runs the model.
 *
 * @param seed determines the steps
 * @throws Error with the seed of the run that failed, and its last steps
 */
export async function playModel(seed: number, steps: number): Promise<Tally> {
  const total = newTally();
  for (let number = 0; total.steps < steps; number += 1) {
    const own = seed + number;
    const play = new Play(
      own,
      own % 3 === 0 ? 'table' : 'settings',
      Math.floor(own / 3) % 2 === 0 ? 'current' : 'documented',
    );
    try {
      await play.run(Math.min(stepsOfPlay, steps - total.steps));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Seed ${own}, step ${play.tally.steps}: ${reason}\n${play.trace()}`, { cause: error });
    }
    for (const key of Object.keys(total) as (keyof Tally)[]) {
      total[key] += play.tally[key];
    }
  }
  return total;
}
