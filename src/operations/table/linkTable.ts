import { isCanceled } from '../../connections/failures';
import { tableNamed } from '../../directory/tableLookup';
import { afterWrite } from '../../posthog/abort';
import type { PostHogClient } from '../../posthog/client';
import type { WarehouseTable } from '../../posthog/models';
import { doubleQuotesOption } from '../../warehouse/table';
import { applied, unknown, type Outcome } from '../outcome';
import { createdBeforeCancel, isLinked, maybeCreatedSoon, thereIsNoTable } from '../phrases/tables';
import { confirmedAfterAll, couldNotConfirm, whether } from '../phrases/writes';
import { receiptOf } from '../phrases/receipts';
import { beginOf, Recording, tableOf } from '../history/recording';
import { refused } from '../refused';
import type { EnvironmentAt, OperationServices } from '../services';
import { absentOutcome, unknownOutcome } from '../save/unsettled';
import { write } from '../write';

/** A table of files in object storage. */
interface NewLink {
  name: string;
  format: string;
  url_pattern: string;
  /** Empty if the files are public. */
  access_key: string;
  access_secret: string;
  /** Whether `""` stands for a quote in the CSV files. */
  doubleQuotes: boolean;
}

type LinkServices = OperationServices<Pick<PostHogClient, 'createTable' | 'listTables'>>;

/** Creates a table from files in object storage. */
export async function linkTable(
  services: LinkServices,
  at: EnvironmentAt,
  link: NewLink,
  signal: AbortSignal,
): Promise<Outcome<WarehouseTable>> {
  const { connectionId, environment, name: environmentName } = at;
  const table = { id: '', name: link.name };
  const record = new Recording(
    beginOf(services, { connectionId, environment, environmentName, table, kind: 'link' }),
  );
  return record.of(send(services, at, link, record, signal), tableOf);
}

async function send(
  { connections, changes, receipts }: LinkServices,
  { connectionId, environment, name: environmentName }: EnvironmentAt,
  { name, format, url_pattern, access_key, access_secret, doubleQuotes }: NewLink,
  record: Recording,
  signal: AbortSignal,
): Promise<Outcome<WarehouseTable>> {
  const client = await connections.client(connectionId);
  const body = {
    ...{ name, format, url_pattern },
    ...(doubleQuotes && { options: { [doubleQuotesOption]: true } }),
    ...(access_key !== '' && { credential: { access_key, access_secret } }),
  };
  const written = await write<{ table: WarehouseTable | undefined }>({
    send: async () => ({
      table: await record.sending([], () => client.createTable(environment, body, signal)),
    }),
    look: async () => {
      const table = await tableNamed(client, environment, name, afterWrite(signal));
      return { table: table?.url_pattern === url_pattern ? table : undefined };
    },
    tookSome: ({ table }) => table !== undefined,
  });
  if (written.kind === 'refused') {
    return refused(written.error);
  }
  const couldNot = couldNotConfirm('Refresh the list', whether.created(name));
  if (written.kind === 'absent') {
    return isCanceled(written.doubt)
      ? unknown(maybeCreatedSoon(name, true), { cause: written.doubt })
      : absentOutcome(written, { instead: thereIsNoTable(name) });
  }
  if (written.kind === 'unknown') {
    return isCanceled(written.doubt)
      ? unknown(maybeCreatedSoon(name, false), { cause: written.doubt })
      : unknownOutcome(written, couldNot);
  }
  const { table } = written.state;
  if (!table) {
    return unknown(couldNot);
  }
  changes.fire({ kind: 'tables', connectionId, environment });
  receipts.add({
    done: receiptOf.link(table.name),
    connectionId,
    environmentId: environment.id,
    name: environmentName,
  });
  return isCanceled(written.doubt)
    ? applied(createdBeforeCancel(name), table)
    : applied(isLinked(table.name, table.columns.length), table, {
        notices: written.doubt ? [confirmedAfterAll(written.doubt, 'has the table')] : [],
      });
}
