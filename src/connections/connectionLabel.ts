/** The labels of connections. */
export interface ConnectionLabels {
  get(id: string): { readonly label: string } | undefined;
}

/** A connection's label. Tabs and the history can outlast their connection. */
export const connectionLabel = (connections: ConnectionLabels, id: string): string =>
  connections.get(id)?.label ?? 'removed connection';
