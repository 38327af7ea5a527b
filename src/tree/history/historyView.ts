import * as vscode from 'vscode';
import { failureText } from '../../connections/failures';
import { asText } from '../../json/visibleText';
import { readActivity, withoutOwn, type ActivityPlace } from '../../operations/history/activityLog';
import type { HistoryEntry } from '../../operations/history/entry';
import { groupsOf } from '../../operations/groups';
import { History, type HistoryStore } from '../../operations/history/history';
import { HistoryItem } from '../../operations/history/item';
import { Unanswered } from '../../operations/history/settle';
import { WindowWatch, type Found } from '../../operations/history/windowWatch';
import { HistoryFiles } from '../../platform/historyFiles';
import { isRunning } from '../../platform/processes';
import { commandOf, runCommand } from '../../ui/commandIds';
import { setContextKey } from '../../ui/contextKeys';
import { dayOf } from '../../ui/days';
import { itemOf, tooltipFor } from './historyRows';
import type { HistoryServices } from './historyServices';

/** A row of the view: a day, a change, or a note. */
export type HistoryRow =
  | { readonly kind: 'day'; readonly day: string; readonly items: readonly HistoryItem[] }
  | Note
  | { readonly kind: 'more' }
  | HistoryItem;

interface Note {
  readonly kind: 'note';
  readonly text: string;
  readonly isFailure: boolean;
}

/** How many entries to show at first, and how many more at a time. */
const pageSize = 50;
/** How long the view waits with what changed. */
const afterSaveMs = 100;
/** How many days are expanded at first. */
const openDays = 3;

/** Changes in PostHog, newest first: those by this extension and, for a single environment, by anyone. */
export class HistoryView implements vscode.Disposable {
  /** Where entries are stored. */
  readonly files: HistoryStore;
  readonly history: History;
  readonly unanswered: Unanswered;
  private readonly windows: WindowWatch;
  private filter: ActivityPlace | undefined;
  private limit = pageSize;
  private activity: Log | undefined;
  private rows: readonly HistoryRow[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[];

  /** @param redraw makes VS Code request the rows again */
  constructor(
    private readonly services: HistoryServices,
    private readonly tree: vscode.TreeView<HistoryRow>,
    private readonly redraw: () => void,
  ) {
    const { connections, marks, log, folder, timeLimitMs, prompts } = services;
    this.files = new HistoryFiles(folder);
    this.history = new History(this.files, marks, log, undefined, process.pid);
    this.unanswered = new Unanswered({
      history: this.history,
      connections,
      log,
      timeLimitMs,
      isRunning: (processId) => processId !== process.pid && isRunning(processId),
      notify: (severity, message) => prompts().notify(severity, message),
    });
    this.windows = new WindowWatch({
      history: this.history,
      connections,
      log,
      isWanted: () =>
        vscode.workspace.getConfiguration('posthogEnvironments').get('save.checkActivity') !== false,
      show: (found) =>
        this.showFound(found).catch((error: unknown) =>
          log.error(`Couldn't show what someone else changed: ${String(error)}`),
        ),
    });
    this.subscriptions = [
      this.unanswered,
      this.windows,
      this.history,
      vscode.Disposable.from(this.history.onDidChange(() => this.redrawSoon())),
      vscode.Disposable.from(
        connections.onDidChange(() => {
          if (this.filter && !connections.get(this.filter.connectionId)) {
            this.show(undefined);
          }
        }),
      ),
    ];
  }

  /** Shows the changes of one environment, including PostHog's own activity log; `undefined` shows those of all. */
  show(place: ActivityPlace | undefined): void {
    this.filter = place;
    this.tree.description = place ? asText(place.environment.name) : '';
    setContextKey('historyFiltered', place !== undefined);
    this.refresh();
  }

  /** Reveals the view. */
  async focus(): Promise<void> {
    await vscode.commands.executeCommand('posthogEnvironments.history.focus');
  }

  /** Reloads everything, including PostHog's own activity log. */
  refresh(): void {
    this.limit = pageSize;
    this.activity = undefined;
    this.redraw();
  }

  async loadMore(): Promise<void> {
    this.limit += pageSize;
    await this.activity?.more();
    this.redraw();
  }

  /** The changes of an environment, also for use outside the view: newest first, from one page of each source. */
  async changesOf(
    place: ActivityPlace,
    signal: AbortSignal,
  ): Promise<{ items: readonly HistoryItem[]; note?: string | undefined }> {
    const log = new Log(this.services, place);
    const own = await this.history.list(ownFilter([place.connectionId], place), pageSize * 4);
    await log.more(signal);
    return { items: this.merged(own.entries, log, false), note: log.notes[0]?.text };
  }

  async children(row?: HistoryRow): Promise<HistoryRow[]> {
    if (row instanceof HistoryItem || (row && row.kind !== 'day')) {
      return [];
    }
    return row ? [...row.items] : this.roots();
  }

  item(row: HistoryRow): vscode.TreeItem {
    if (row instanceof HistoryItem) {
      return itemOf(row, this.filter !== undefined);
    }
    if (row.kind === 'day') {
      const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
      const isOpen =
        this.rows.filter((one) => !(one instanceof HistoryItem) && one.kind === 'day').indexOf(row) <
        openDays;
      const item = new vscode.TreeItem(row.day, isOpen ? Expanded : Collapsed);
      item.id = `day:${row.day}`;
      return item;
    }
    if (row.kind === 'more') {
      const item = new vscode.TreeItem('Load more…');
      item.command = commandOf('loadMoreHistory', 'Load More');
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      return item;
    }
    const item = new vscode.TreeItem(asText(row.text));
    item.tooltip = asText(row.text);
    item.iconPath = new vscode.ThemeIcon(row.isFailure ? 'error' : 'info');
    return item;
  }

  resolve(item: vscode.TreeItem, row: HistoryRow): vscode.TreeItem {
    if (row instanceof HistoryItem) {
      item.tooltip = tooltipFor(row, this.services);
    }
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** Once for changes that follow each other: VS Code is still finishing the save that made them. */
  private redrawSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.redraw, afterSaveMs);
  }

  /** Shows what someone else did during a write, and adds it to the history entry. */
  private async showFound(found: Found): Promise<void> {
    const { log, prompts } = this.services;
    const { foundText, hasReplaced, itemOfFound } = await import('../../operations/history/foundText');
    const text = foundText(found);
    const item = itemOfFound(found);
    log.info(asText(text));
    this.history.remember([item.entry]);
    await this.history.note(found.entry, text);
    if (!hasReplaced(found)) {
      if (await prompts().notify('information', text, 'Show Difference')) {
        await runCommand('showChange', item);
      }
      return;
    }
    let answer = await prompts().notify('warning', text, 'Restore Theirs', 'Show Difference');
    if (answer === 'Show Difference') {
      await runCommand('showChange', item);
      // Showing the difference closed the notification, but the user still has to decide.
      answer = await prompts().notify('warning', text, 'Restore Theirs');
    }
    if (answer === 'Restore Theirs') {
      await runCommand('restoreTheirs', item);
    }
  }

  private async roots(): Promise<HistoryRow[]> {
    const { filter } = this;
    const connectionIds = this.services.connections.list().map(({ id }) => id);
    for (const id of filter ? [filter.connectionId] : connectionIds) {
      // Not awaited: the rows are redrawn with the results.
      void this.unanswered.look(id, filter?.environment.id);
    }
    const own = await this.history.list(
      filter ? ownFilter([filter.connectionId], filter) : { connectionIds },
      this.limit,
    );
    const log =
      filter && filter === this.filter ? (this.activity ??= new Log(this.services, filter)) : undefined;
    await log?.first();
    if (filter !== this.filter) {
      return [...this.rows]; // Another environment was chosen meanwhile, and is being loaded.
    }
    let hasMore = own.hasMore;
    let items = own.entries.map((entry) => new HistoryItem(entry));
    const notes: HistoryRow[] = [];
    if (log) {
      notes.push(...log.notes);
      items = [...this.merged(own.entries, log, own.hasMore)];
      hasMore ||= log.hasMore;
    }
    this.rows = [
      ...notes,
      ...groupsOf(items, ({ entry }) => dayOf(entry.startedAt)).map((ofDay): HistoryRow => ({
        kind: 'day',
        day: dayOf(ofDay[0].entry.startedAt),
        items: ofDay,
      })),
      ...(hasMore ? [{ kind: 'more' } as const] : []),
    ];
    return [...this.rows];
  }

  /** Both sources by time, up to the point that both have been read to. */
  private merged(own: readonly HistoryEntry[], log: Log, hasMoreOwn: boolean): readonly HistoryItem[] {
    const elsewhere = withoutOwn(log.items, own);
    this.history.remember(elsewhere.map(({ entry }) => entry));
    const ends = [hasMoreOwn ? own.at(-1) : undefined, log.hasMore ? log.items.at(-1)?.entry : undefined];
    const end = ends
      .map((entry) => (entry ? Date.parse(entry.startedAt) : 0))
      .reduce((a, b) => Math.max(a, b));
    return [...own.map((entry) => new HistoryItem(entry)), ...elsewhere]
      .filter(({ entry }) => Date.parse(entry.startedAt) >= end)
      .sort((left, right) => Date.parse(right.entry.startedAt) - Date.parse(left.entry.startedAt));
  }
}

/** PostHog's own activity log of one environment, page by page. */
class Log {
  items: readonly HistoryItem[] = [];
  notes: readonly Note[] = [];
  private cursor: string | undefined;
  /** The page requested last. */
  private reading: Promise<void> | undefined;

  constructor(
    private readonly services: HistoryServices,
    private readonly place: ActivityPlace,
  ) {}

  get hasMore(): boolean {
    return this.cursor !== undefined;
  }

  /** The first page, read once; concurrent callers share the request. */
  first(): Promise<void> {
    return (this.reading ??= this.read());
  }

  async more(signal?: AbortSignal): Promise<void> {
    await this.reading;
    if (!this.reading || this.hasMore) {
      this.reading = this.read(signal);
      await this.reading;
    }
  }

  private async read(signal = new AbortController().signal): Promise<void> {
    const { connections, log } = this.services;
    try {
      const client = await connections.client(this.place.connectionId);
      const page = await readActivity(client, this.place, this.cursor, signal);
      this.items = [...this.items, ...page.items];
      this.cursor = page.nextCursor;
      this.notes = page.refusal === undefined ? [] : [{ kind: 'note', text: page.refusal, isFailure: false }];
    } catch (error) {
      this.notes = [{ kind: 'note', text: failureText(error, log), isFailure: true }];
    }
  }
}

const ownFilter = (
  connectionIds: readonly string[],
  { environment }: ActivityPlace,
): Parameters<History['list']>[0] => ({
  connectionIds,
  accepts: (entry) => entry.environment.id === environment.id,
});
