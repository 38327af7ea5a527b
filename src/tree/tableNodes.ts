import * as vscode from 'vscode';
import type {
  Column,
  EnvironmentRef,
  Page,
  PageRequest,
  SchemaAction,
  WarehouseTable,
} from '../posthog/models';
import { namesText } from '../json/namesText';
import { formatLabel } from '../settings/formats';
import { readOnlyReason } from '../warehouse/managed';
import { maskSecretText } from '../settings/secrets';
import { tooltipOf } from '../ui/markdown';
import { shortTime } from '../ui/times';
import { TreeNode, type EnvironmentRow, type TreeServices } from './node';
import { NoteNode } from './noteNodes';
import { PagedNode } from './pagedNode';
import { commandOf } from '../ui/commandIds';

const warning = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));

/** *Warehouse tables* of an environment. */
export class TablesNode extends PagedNode<WarehouseTable> {
  readonly id: string;
  protected readonly emptyText = 'No warehouse tables';

  constructor(
    override readonly parent: EnvironmentRow,
    services: TreeServices,
  ) {
    super(parent, services);
    this.id = `${parent.id}/tables`;
  }

  get environment(): EnvironmentRef {
    return this.parent.environment;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem('Warehouse tables', vscode.TreeItemCollapsibleState.Collapsed);
    const writable =
      this.services.connections.may(this.parent.connectionId, 'warehouse_table:write') !== false;
    item.iconPath = new vscode.ThemeIcon('database');
    item.contextValue = `tables refreshable${writable ? ' writable' : ''}`;
    return item;
  }

  protected async fetchPage(page: PageRequest, signal: AbortSignal): Promise<Page<WarehouseTable>> {
    const client = await this.services.connections.client(this.parent.connectionId);
    return client.listTables(this.environment, page, signal);
  }

  protected rowsOf(tables: readonly WarehouseTable[]): readonly TreeNode[] {
    return tables.map((table) => new TableNode(this, table, this.services));
  }
}

/** One warehouse table. Its columns came with it. */
export class TableNode extends TreeNode {
  readonly id: string;

  constructor(
    override readonly parent: TablesNode,
    private current: WarehouseTable,
    private readonly services: TreeServices,
  ) {
    super(parent);
    this.id = `${parent.id}/t:${current.id}`;
  }

  get table(): WarehouseTable {
    return this.current;
  }

  get environment(): EnvironmentRef {
    return this.parent.environment;
  }

  /** Whether the key may change warehouse tables, as far as is known. */
  get writable(): boolean {
    return this.services.connections.may(this.parent.parent.connectionId, 'warehouse_table:write') !== false;
  }

  /** Whether an action on the columns is worth offering: the key may do it, and the server is not known to refuse it to keys. */
  offers(action: SchemaAction): boolean {
    const { connectionId } = this.parent.parent;
    return this.writable && this.services.connections.takesKeysFor(connectionId, action) !== false;
  }

  /** Shows another state of the same table. */
  adopt(table: WarehouseTable): void {
    this.current = table;
    this.invalidate();
  }

  item(): vscode.TreeItem {
    const { name, format, columns, external_data_source } = this.current;
    const invalid = columns.filter(({ schema_valid }) => !schema_valid).length;
    const managed = readOnlyReason(this.current.raw) !== undefined;
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
    // Enter and a click open the document; the twistie and the arrow keys show the columns.
    item.command = commandOf('openTable', 'Open Warehouse Table', this);
    item.accessibilityInformation = {
      label: [`Warehouse table ${name}, ${item.description}`, unreadableText(columns)]
        .filter(Boolean)
        .join('. '),
    };
    return item;
  }

  override tooltip(): vscode.MarkdownString {
    const { name, id, url_pattern, format, columns, created_at, created_by, hogql_name, raw } = this.current;
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
    return this.current.columns.length === 0
      ? [new NoteNode(this, 'No columns')]
      : this.current.columns.map((column) => new ColumnNode(this, column));
  }
}

/** One column of a warehouse table. */
export class ColumnNode extends TreeNode {
  readonly id: string;

  constructor(
    override readonly parent: TableNode,
    readonly column: Column,
  ) {
    super(parent);
    this.id = `${parent.id}/c:${column.name}`;
  }

  item(): vscode.TreeItem {
    const { name, type, schema_valid } = this.column;
    const managed = readOnlyReason(this.parent.table.raw) !== undefined;
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
    const { name, type, schema_valid } = this.column;
    if (schema_valid) {
      return `${name}: ${type}`;
    }
    const remedy = this.parent.offers('update_schema')
      ? 'Choose another type.'
      : 'Change its type in PostHog.';
    return `${name} is declared as ${type}, which doesn't match the data: queries leave the column out. ${remedy}`;
  }
}

/** Codicons of column types (API facts 2.1). */
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

/** What the warning of a table is about; undefined: there is none. */
function unreadableText(columns: readonly Column[]): string | undefined {
  const names = columns.filter(({ schema_valid }) => !schema_valid).map(({ name }) => name);
  return names.length === 0
    ? undefined
    : `Queries leave out ${namesText(names)}: the declared type doesn't match the data.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
