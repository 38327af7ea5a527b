import * as vscode from 'vscode';
import { connectionLabel } from '../connections/connectionLabel';
import { isSandbox } from '../connections/connection';
import type { Connections } from '../connections/connections';
import type { EnvironmentMarks } from '../connections/environmentMarks';
import type { Directory } from '../directory/directory';
import { distinctName, organizationNameOf } from '../directory/organizationName';
import type { EnvironmentRef } from '../posthog/models';
import { commandName } from './commandIds';
import { protectedText } from './protectedText';
import { StatusEntry } from './statusBar';

/** The connection, organization and environment of what a tab shows. */
export interface Place {
  readonly connectionId: string;
  readonly organization?: string | undefined;
  /** Absent if it doesn't exist yet. */
  readonly environment?: EnvironmentRef;
  /** The environment's name, if known. */
  readonly name?: string | undefined;
  /** Why it can't be edited. */
  readonly readOnly?: string | undefined;
  /** Whether it can be compared with PostHog's version. */
  readonly isDocument?: true;
}

/** Provides the places of a kind of tab. */
export interface PlaceSource {
  /** @returns none for a tab of another kind; two or more for a comparison */
  placesOf(input: unknown): readonly Place[];
  /** Fires when the result for a tab may have changed. */
  readonly onDidChange?: vscode.Event<unknown>;
}

/**
 * Shows which connection, organization and environment the active tab belongs to, because names alone look alike across
 * stages.
 */
export class PlaceStatus implements vscode.Disposable {
  private readonly item = new StatusEntry('posthogEnvironments.environment', 'PostHog Environments', 50);
  private readonly sources: PlaceSource[] = [];
  /** Environments whose name was requested. */
  private readonly asked = new Set<string>();
  private soon: NodeJS.Immediate | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly connections: Connections,
    private readonly marks: EnvironmentMarks,
    private readonly directory: Pick<Directory, 'known' | 'organizationSeen' | 'onDidChange'>,
  ) {
    const { tabGroups } = vscode.window;
    this.subscriptions = [
      this.item,
      vscode.window.onDidChangeActiveTextEditor(() => this.showSoon()),
      tabGroups.onDidChangeTabs(() => this.showSoon()),
      tabGroups.onDidChangeTabGroups(() => this.showSoon()),
      connections.onDidChange(() => this.showSoon()),
      marks.onDidSee(() => this.showSoon()),
      marks.onDidMark(() => this.showSoon()),
      directory.onDidChange(() => this.showSoon()),
    ];
  }

  add(source: PlaceSource): void {
    this.sources.push(source);
    if (source.onDidChange) {
      this.subscriptions.push(source.onDidChange(() => this.showSoon()));
    }
    this.show();
  }

  dispose(): void {
    clearImmediate(this.soon);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** Once for events that follow each other, as those of a save. */
  private showSoon(): void {
    this.soon ??= setImmediate(() => this.show());
  }

  private show(): void {
    this.soon = undefined;
    const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    const places = this.sources.flatMap((source) => source.placesOf(input));
    const [first] = places;
    if (!first) {
      this.item.hide();
      return;
    }
    const texts = places.map((place) => this.textOf(place));
    const [named = '', ...others] = new Set(texts);
    const text = [named, ...(others.length > 1 ? [`${others.length} environments`] : others)].join(' ↔ ');
    this.item.show({
      icon: first.readOnly === undefined ? 'layers' : 'lock',
      text,
      tooltip: [
        ...places.flatMap((place, index) => [
          ...(others.length > 1 ? [texts[index] ?? ''] : []),
          ...this.linesOf(place),
        ]),
        ...(first.readOnly === undefined ? [] : [first.readOnly]),
        ...(first.isDocument ? ["Click to compare with PostHog's current version."] : []),
      ],
      command: first.isDocument ? commandName('compare') : undefined,
      spoken: `PostHog ${text}`,
    });
  }

  private textOf(place: Place): string {
    const { directory } = this;
    const { connectionId, environment } = place;
    const label = connectionLabel(this.connections, connectionId);
    const at = environment && { connectionId, environment };
    const organization = place.organization ?? (at && organizationNameOf(directory, at));
    const name = at ? distinctName(directory, at, this.nameOf(place, at.environment)) : 'new environment';
    const where = [label, organization, name].filter((part) => part !== undefined).join(' › ');
    return this.isProtected(place) ? `${where} (protected)` : where;
  }

  private linesOf(place: Place): readonly string[] {
    const { connectionId, environment } = place;
    const connection = this.connections.get(connectionId);
    const host =
      connection && isSandbox(connection) ? 'Sandbox' : (connection?.origin ?? 'Removed connection');
    return [
      environment ? `${host}, environment ${environment.id}` : host,
      ...(this.isProtected(place) ? [protectedText()] : []),
    ];
  }

  private isProtected({ connectionId, environment }: Place): boolean {
    const connection = this.connections.get(connectionId);
    return (
      environment !== undefined &&
      connection !== undefined &&
      this.marks.isProtected(connection, environment.id)
    );
  }

  private nameOf({ connectionId, name }: Place, environment: EnvironmentRef): string {
    const known = this.marks.nameOf(connectionId, environment.id);
    // Only once an editor shows it, so that opening a document takes no extra request.
    if (known === undefined && name === undefined && vscode.window.activeTextEditor) {
      void this.askName(connectionId, environment);
    }
    return known ?? name ?? `environment ${environment.id}`;
  }

  /** Questions use known names too, and a table's document doesn't contain the environment's. */
  private async askName(connectionId: string, environment: EnvironmentRef): Promise<void> {
    const key = `${connectionId}/${environment.id}`;
    if (this.asked.has(key) || !this.connections.get(connectionId)) {
      return;
    }
    this.asked.add(key);
    try {
      const client = await this.connections.client(connectionId);
      const { name } = await client.getEnvironment(environment, new AbortController().signal);
      this.marks.see(connectionId, environment.id, name);
    } catch {
      // The ID is shown instead. Opening the document reports what is wrong.
    }
  }
}
