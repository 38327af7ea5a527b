import type { Connections } from '../connections/connections';

/** Whether the key can create environments, as far as known: one that is limited to some can't (API facts 1.4). */
export function mayCreate(connections: Pick<Connections, 'get' | 'may'>, connectionId: string): boolean {
  const connection = connections.get(connectionId);
  const limited = (connection?.access?.scopedTeams.length ?? 0) > 0;
  return (
    connections.may(connectionId, 'project:write') !== false &&
    (!limited || connection?.profile?.generation === 'documented')
  );
}
