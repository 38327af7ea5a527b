import * as vscode from 'vscode';
import { columnEntries, type ColumnEntry, type TableEntry, type TablesEntry } from '../directory/entries';
import type { PagedList } from '../directory/pagedList';
import type { Column, SchemaAction } from '../posthog/models';
import { formatLabel } from '../warehouse/formats';
import { readOnlyReason } from '../warehouse/managed';
import { leftOutOfQueries, queriesLeaveOut } from '../warehouse/unreadable';
import { maskSecretText } from '../settings/secrets';
import { tooltipOf } from '../ui/markdown';
import { shortTime } from '../ui/times';
import { TreeNode, type TreeServices } from './node';
import { NoteNode } from './noteNodes';
import { PagedNode } from './pagedNode';
import { commandOf } from '../ui/commandIds';

const warning = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));

/** *Warehouse tables* of an environment. */
export class TablesNode extends PagedNode<TableEntry> {
  protected readonly emptyText = 'No warehouse tables';

  constructor(
    parent: TreeNode | undefined,
    readonly entry: TablesEntry,
    services: TreeServices,
  ) {
    super(parent, services);
  }

  get list(): PagedList<TableEntry> {
    return this.services.directory.list(this.entry);
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem('Warehouse tables', vscode.TreeItemCollapsibleState.Collapsed);
    item.iconPath = new vscode.ThemeIcon('database');
    item.contextValue = `tables refreshable${mayWrite(this.services, this.entry) ? ' writable' : ''}`;
    return item;
  }

  protected rowOf(entry: TableEntry): TreeNode {
    return new TableNode(this, entry, this.services);
  }
}

/** A warehouse table. Its columns are loaded with it. */
class TableNode extends TreeNode {
  constructor(
    parent: TreeNode,
    readonly entry: TableEntry,
    private readonly services: TreeServices,
  ) {
    super(parent);
  }

  /** Whether the table can be changed, as far as known. */
  get writable(): boolean {
    return mayWrite(this.services, this.entry.parent);
  }

  /** Whether to offer an action on columns: the table can be changed, and the server isn't known to reject keys for it. */
  offers(action: SchemaAction): boolean {
    const { connectionId } = this.entry;
    return this.writable && this.services.connections.takesKeysFor(connectionId, action) !== false;
  }

  item(): vscode.TreeItem {
    const { name, format, columns, external_data_source } = this.entry.table;
    const invalid = columns.filter(({ schema_valid }) => !schema_valid).length;
    const managed = readOnlyReason(this.entry.table.raw) !== undefined;
    const { writable } = this;
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
    item.description = [
      formatLabel(format),
      counted(columns.length, 'column'),
      external_data_source?.source_type,
      invalid > 0 ? `${invalid} unreadable` : undefined,
    ]
      .filter(Boolean)
      .join(' · ');
    item.iconPath = invalid > 0 ? warning : new vscode.ThemeIcon(managed ? 'lock' : 'table');
    item.contextValue = `table ${managed ? 'managed' : 'linked'}${writable ? ' writable' : ''}${this.offers('refresh_schema') ? ' rereadable' : ''}`;
    // Enter and click open the document; the twistie and the arrow keys show the columns.
    item.command = commandOf('openTable', 'Open Warehouse Table', this);
    item.accessibilityInformation = {
      label: [`Warehouse table ${name}, ${item.description}`, unreadableText(columns)]
        .filter(Boolean)
        .join('. '),
    };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { name, id, url_pattern, format, columns, created_at, created_by, hogql_name, raw } =
      this.entry.table;
    return tooltipOf(name, [
      ['Format', formatLabel(format)],
      ['Files', maskSecretText(url_pattern, '•••')],
      ['HogQL name', hogql_name],
      ['Created', [created_at && shortTime(created_at), created_by?.email].filter(Boolean).join(' by ')],
      ['ID', id],
      ['', unreadableText(columns)],
      ['', readOnlyReason(raw)],
    ]);
  }

  protected override async load(): Promise<readonly TreeNode[]> {
    return this.entry.table.columns.length === 0
      ? [new NoteNode(this, 'No columns')]
      : columnEntries(this.entry).map((column) => new ColumnNode(this, column));
  }
}

/** A column of a warehouse table. */
class ColumnNode extends TreeNode {
  constructor(
    override readonly parent: TableNode,
    readonly entry: ColumnEntry,
  ) {
    super(parent);
  }

  item(): vscode.TreeItem {
    const { name, type, schema_valid } = this.entry.column;
    const managed = readOnlyReason(this.entry.parent.table.raw) !== undefined;
    const item = new vscode.TreeItem(name);
    item.description = schema_valid ? type : `${type} · doesn't match the data`;
    item.iconPath = schema_valid ? new vscode.ThemeIcon(icons[type] ?? 'symbol-field') : warning;
    const { writable } = this.parent;
    const retypable = !managed && this.parent.offers('update_schema');
    item.contextValue = `column ${managed ? 'managed' : 'linked'}${schema_valid ? '' : ' invalid'}${writable ? ' writable' : ''}${retypable ? ' retypable' : ''}`;
    item.accessibilityInformation = { label: `Column ${name}, ${item.description}` };
    return item;
  }

  override tooltip(): string {
    const { name, type, schema_valid } = this.entry.column;
    if (schema_valid) {
      return `${name}: ${type}`;
    }
    const remedy = this.parent.offers('update_schema')
      ? 'Choose another type.'
      : 'Change its type in PostHog.';
    return `${leftOutOfQueries(name, type)} ${remedy}`;
  }
}

/** Whether the key can change the tables of an environment, and the environment isn't read-only, as far as known. */
const mayWrite = ({ connections }: TreeServices, { connectionId, parent }: TablesEntry): boolean =>
  connections.may(connectionId, 'warehouse_table:write') !== false &&
  !connections.whyReadOnly(connectionId, parent.environmentId);

/** Codicons for column types (API facts 2.1). */
const icons: Readonly<Record<string, string>> = {
  integer: 'symbol-number',
  float: 'symbol-number',
  decimal: 'symbol-number',
  string: 'symbol-string',
  datetime: 'calendar',
  date: 'calendar',
  boolean: 'symbol-boolean',
  array: 'symbol-array',
  json: 'json',
};

/** The warning of a table; `undefined` if there is none. */
function unreadableText(columns: readonly Column[]): string | undefined {
  return queriesLeaveOut(columns.filter(({ schema_valid }) => !schema_valid).map(({ name }) => name));
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
