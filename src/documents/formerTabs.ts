import * as vscode from 'vscode';
import type { Connections } from '../connections/connections';
import { failureText } from '../connections/failures';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Directory } from '../directory/directory';
import { organizationNameOf } from '../directory/organizationName';
import type { Documents } from './documents';
import { asSameTab, canReplace } from './sameTab';
import { openDocument } from './showDocument';
import { openUri, shownIn } from './tabs';
import { namesOf } from './uris/addresses';
import { draftUri, parseDraftUri } from './uris/draftUri';
import { knownUri, organizationNames } from './uris/placeNames';
import { parseDocumentUri, type DocumentTarget } from './uris/uri';

/** Where names come from. */
export interface FormerTabsServices {
  readonly connections: Connections;
  readonly directory: Directory;
  readonly marks: EnvironmentMarks;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Opens documents under addresses with names in place of restored tabs whose addresses are those of former versions: such
 * a tab shows IDs, and doesn't say where its document belongs. A tab is replaced once it is in front, its document is
 * loaded, and there is nothing unsaved in it. One whose document can't be loaded stays.
 */
export class FormerTabs implements vscode.Disposable {
  /** The addresses of tabs to replace, without those that were or couldn't be. */
  private readonly left = new Set<string>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private looking: Promise<void> | undefined;
  private isChanged = false;
  private isDisposed = false;

  /** @param restored the tabs that there were at the start; what opens later under such an address stays */
  constructor(
    private readonly documents: Documents,
    private readonly services: FormerTabsServices,
    restored: readonly vscode.Tab[],
  ) {
    for (const uri of restored.flatMap(shownIn).filter(isFormer)) {
      this.left.add(uri.toString());
    }
    const look = (): void => this.look();
    const { tabGroups } = vscode.window;
    if (this.left.size > 0) {
      this.subscriptions.push(
        tabGroups.onDidChangeTabs(look),
        tabGroups.onDidChangeTabGroups(look),
        vscode.window.onDidChangeVisibleTextEditors(look),
        vscode.workspace.onDidSaveTextDocument(look),
        documents.onDidChangeState(look),
      );
      look();
    }
  }

  dispose(): void {
    this.isDisposed = true;
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** One replacement at a time, because each changes tabs. */
  private look(): void {
    this.isChanged = true;
    this.looking ??= this.replaceAll().finally(() => (this.looking = undefined));
  }

  private async replaceAll(): Promise<void> {
    while (this.isChanged && !this.isDisposed) {
      this.isChanged = false;
      for (const { viewColumn } of vscode.window.tabGroups.all) {
        await this.replaceIn(viewColumn);
      }
    }
  }

  private async replaceIn(column: vscode.ViewColumn): Promise<void> {
    const found = this.ripeIn(column);
    if (!found) {
      return;
    }
    try {
      await Promise.all(found.former.map((uri) => this.learnNames(uri)));
      // Someone may have typed meanwhile, or gone to another tab.
      const { tab, former } = this.ripeIn(column) ?? {};
      if (!tab || former?.join() !== found.former.join()) {
        return;
      }
      const named = new Map<string, vscode.Uri>();
      for (const uri of former) {
        const to = this.namedUri(uri);
        if (!to) {
          return;
        }
        named.set(uri.toString(), to);
        await this.documents.openAs(uri, to);
      }
      await asSameTab(tab, (uri) => named.get(uri.toString()) ?? uri);
      const open = new Set(tabsEverywhere().flatMap(shownIn).map(String));
      [...named.keys()]
        .filter((address) => !open.has(address))
        .forEach((address) => this.left.delete(address));
    } catch (error) {
      found.former.forEach((uri) => this.left.delete(uri.toString()));
      this.services.log.warn(`Couldn't replace a restored tab: ${failureText(error, this.services.log)}`);
    }
  }

  /** The active tab of a group, if it shows former addresses and can be replaced now. */
  private ripeIn(column: vscode.ViewColumn): { tab: vscode.Tab; former: readonly vscode.Uri[] } | undefined {
    const tab = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === column)?.activeTab;
    const shown = tab && !tab.isDirty ? shownIn(tab) : [];
    const former = shown.filter(isFormer);
    const isRestored = former.some((uri) => this.left.has(uri.toString()));
    return tab && isRestored && canReplace(tab) && former.every((uri) => this.isRipe(uri))
      ? { tab, former }
      : undefined;
  }

  private isRipe(uri: vscode.Uri): boolean {
    const { connections } = this.services;
    const document = openDocument(uri);
    const target = parseDocumentUri(uri)?.target ?? parseDraftUri(uri);
    return (
      document !== undefined &&
      target !== undefined &&
      connections.get(target.connectionId) !== undefined &&
      vscode.window.visibleTextEditors.some((editor) => editor.document === document) &&
      this.documents.isSettled(document)
    );
  }

  /** Lists what the Environments view lists, unless it's known. Without it, the address has fewer names. */
  private async learnNames(uri: vscode.Uri): Promise<void> {
    const { directory, log } = this.services;
    const { environmentById, organizationsOf } = await import('../directory/lookup');
    const target = parseDocumentUri(uri)?.target;
    const draft = parseDraftUri(uri);
    try {
      if (target && !this.isPlaceKnown(target)) {
        await environmentById(directory, target.connectionId, target.environment.id);
      } else if (draft) {
        await organizationsOf(directory, draft.connectionId);
      }
    } catch (error) {
      log.warn(`The name of an organization isn't known: ${failureText(error, log)}`);
    }
  }

  private isPlaceKnown(target: DocumentTarget): boolean {
    const { directory, marks } = this.services;
    return (
      marks.nameOf(target.connectionId, target.environment.id) !== undefined &&
      organizationNameOf(directory, target) !== undefined
    );
  }

  private namedUri(uri: vscode.Uri): vscode.Uri | undefined {
    const draft = parseDraftUri(uri);
    if (draft) {
      return draftUri(draft, organizationNames(this.services, draft));
    }
    const parsed = parseDocumentUri(uri);
    if (!parsed) {
      return undefined;
    }
    const { target, view } = parsed;
    const name =
      target.kind === 'settings'
        ? this.services.marks.nameOf(target.connectionId, target.environment.id)
        : undefined;
    return (
      // A document has one tab in a group, and one text.
      openUri(target, view, (other) => !isFormer(other)) ??
      knownUri(this.services, { ...target, name: name ?? target.name }, view)
    );
  }
}

/** Whether an address is that of a document, without names. */
const isFormer = (uri: vscode.Uri): boolean =>
  (parseDocumentUri(uri) ?? parseDraftUri(uri)) !== undefined && namesOf(uri) === undefined;

const tabsEverywhere = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
