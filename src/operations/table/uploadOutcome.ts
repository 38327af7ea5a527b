import { isCanceled } from '../../connections/failures';
import type { Stop } from '../../posthog/errors';
import type { WarehouseTable } from '../../posthog/models';
import { explainUpload } from '../../posthog/tableRefusals';
import type { StoredFile } from '../../posthog/uploads';
import { applied, notApplied, unknown, type Outcome } from '../outcome';
import { sentences } from '../phrases/sentences';
import {
  couldNotConfirmUpload,
  hasLeftEmptyTable,
  isUploaded,
  stateAfterUpload,
  tookWithoutListing,
  uploadCanceledLate,
} from '../phrases/uploads';
import { confirmedAfterAll } from '../phrases/writes';
import { receiptOf } from '../phrases/receipts';
import { refused } from '../refused';
import type { EnvironmentAt, OperationServices } from '../services';
import type { Written } from '../write';
import type { Overwrite } from './uploadPlan';
import type { UploadSource } from './uploadSource';

/** A file that the server already has: another table name doesn't need another upload. */
export interface StoredUpload {
  format: string;
  file: StoredFile;
}

/** The result of an upload. */
export interface Uploaded {
  table: WarehouseTable;
  /** The table already existed and now has other content. */
  existed: boolean;
}

/** The outcome of an upload, and what the next attempt starts with. */
export interface UploadResult {
  outcome: Outcome<Uploaded>;
  stored?: StoredUpload | undefined;
  /** The table without columns that it left behind. */
  leftover?: WarehouseTable | undefined;
  /** The server was downgraded and only has the older action: ask what that would overwrite first. */
  isRouteGone?: boolean;
}

/** The table that has the upload's name. */
export interface Found {
  table: WarehouseTable | undefined;
}

/** What an upload's outcome is about. */
interface About {
  services: Pick<OperationServices<unknown>, 'changes' | 'receipts'>;
  at: EnvironmentAt;
  source: Pick<UploadSource, 'fileName'>;
  name: string;
  overwrite: Overwrite;
}

/** The outcome of an upload whose file was sent completely. Announces what PostHog has, even if the upload failed. */
export function uploadOutcome(about: About, written: Written<Found>): UploadResult {
  const { source, name, overwrite } = about;
  const { fileName } = source;
  switch (written.kind) {
    case 'refused':
      return { outcome: refused(explainUpload(written.error)) };
    case 'unknown': {
      const cause = explainUpload(written.doubt ?? written.error);
      return {
        outcome: isCanceled(cause)
          ? unknown(uploadCanceledLate(fileName, name, overwrite.existing ? 'overwriting' : 'unknown'), {
              cause,
            })
          : unknown(couldNotConfirmUpload(fileName, name), { why: sentences(cause.what, cause.why), cause }),
      };
    }
    case 'absent':
      show(about, written.state.table);
      return isCanceled(written.doubt)
        ? {
            outcome: unknown(
              uploadCanceledLate(fileName, name, overwrite.existing ? 'overwriting' : 'absent'),
              { cause: written.doubt },
            ),
          }
        : failedWith(about, explainUpload(written.doubt), written.state.table);
    case 'there': {
      const { doubt } = written;
      const { table } = written.state;
      if (!table) {
        return { outcome: unknown(tookWithoutListing(fileName, name)) };
      }
      show(about, table);
      leaveReceipt(about, table);
      const existed = overwrite.existing !== undefined;
      const what = isCanceled(doubt)
        ? uploadCanceledLate(fileName, name, existed ? 'overwriting' : 'made')
        : isUploaded(fileName, table.name, table.columns.length, existed);
      return {
        outcome: applied(
          what,
          { table, existed },
          isCanceled(doubt)
            ? { cause: doubt }
            : { notices: doubt ? [confirmedAfterAll(doubt, 'has the table')] : [] },
        ),
      };
    }
  }
}

/** An upload failed, and PostHog was asked what it has: perhaps a table without columns (API facts 9.2). */
function failedWith(
  { name, overwrite: { existing } }: About,
  cause: Stop,
  now: WarehouseTable | undefined,
): UploadResult {
  const { what, why } = cause;
  const isLeftover = now?.columns.length === 0 && (!existing || existing.columns.length === 0);
  return isLeftover
    ? {
        outcome: notApplied(what, { why: sentences(why, hasLeftEmptyTable(now.name)), cause }),
        leftover: now,
      }
    : {
        outcome: notApplied(what, {
          why: sentences(why, stateAfterUpload(name, existing !== undefined, now)),
          cause,
        }),
      };
}

function show(
  { services: { changes }, at, overwrite: { existing } }: About,
  now: WarehouseTable | undefined,
): void {
  const { connectionId, environment } = at;
  if (existing && now) {
    changes.fire({ kind: 'table', connectionId, environment, table: now });
  } else if (existing) {
    changes.fire({ kind: 'tables', connectionId, environment, removedIds: [existing.id] });
  } else if (now) {
    changes.fire({ kind: 'tables', connectionId, environment });
  }
}

function leaveReceipt({ services, at, source }: About, table: WarehouseTable): void {
  services.receipts.add({
    done: receiptOf.upload(source.fileName, table.name),
    connectionId: at.connectionId,
    environmentId: at.environment.id,
    name: at.name,
  });
}
