import { isCanceled } from '../../connections/failures';
import { tableNamed, type TableLister } from '../../directory/tableLookup';
import { jsonEquals } from '../../json/json';
import { afterWrite } from '../../posthog/abort';
import { isStop, type Stop } from '../../posthog/errors';
import type { FileUpload } from '../../posthog/multipart';
import { explainUpload, mayHaveLeft } from '../../posthog/tableRefusals';
import { hasForgottenUpload } from '../../posthog/reasons';
import type { Uploads } from '../../posthog/uploads';
import { sizeText } from '../../warehouse/uploadFile';
import type { Report } from '../batch';
import { beginOf, Recording, tableOf } from '../history/recording';
import { notApplied, type Outcome } from '../outcome';
import { sentences } from '../phrases/sentences';
import { noTableTouched, uploadCanceled, uploadCanceledLate } from '../phrases/uploads';
import { refused } from '../refused';
import type { EnvironmentAt, OperationServices } from '../services';
import { ask, throwIfCanceled, write, type Write, type Written } from '../write';
import { uploadOutcome, type Found, type StoredUpload, type UploadResult } from './uploadOutcome';
import type { Overwrite } from './uploadPlan';
import type { UploadSource } from './uploadSource';

/** What should become a table. */
export interface FileToUpload {
  source: UploadSource;
  name: string;
  format: string;
  overwrite: Overwrite;
  /** What an earlier attempt left on the server. */
  stored?: StoredUpload | undefined;
}

/** What uploading needs. */
type UploadServices = OperationServices<
  TableLister & { uploads(): Promise<Pick<Uploads, 'store' | 'create' | 'file'>> }
>;

/** How an upload is monitored and canceled. */
interface Watch {
  signal: AbortSignal;
  report: Report;
}

/** An upload in progress. */
interface Job extends FileToUpload, Watch {
  services: UploadServices;
  at: EnvironmentAt;
  record: Recording;
  uploads: Pick<Uploads, 'store' | 'create' | 'file'>;
  sentBytes: number;
}

/**
 * Uploads a file as a table, or as the new content of one.
 *
 * @throws Canceled if the user canceled before anything was sent
 */
export async function uploadFile(
  services: UploadServices,
  at: EnvironmentAt,
  file: FileToUpload,
  watch: Watch,
): Promise<UploadResult> {
  const { existing } = file.overwrite;
  const record = new Recording(
    beginOf(services, {
      connectionId: at.connectionId,
      environment: at.environment,
      environmentName: at.name,
      table: { id: existing?.id ?? '', name: file.name },
      kind: 'upload',
    }),
  );
  let result: UploadResult | undefined;
  const sent = send(services, at, file, watch, record).then((one) => (result = one).outcome);
  const outcome = await record.of<UploadResult['outcome']>(sent, (one) =>
    one.kind === 'applied' ? tableOf({ ...one, result: one.result.table }) : undefined,
  );
  return { ...result, outcome };
}

async function send(
  services: UploadServices,
  at: EnvironmentAt,
  file: FileToUpload,
  watch: Watch,
  record: Recording,
): Promise<UploadResult> {
  const client = await services.connections.client(at.connectionId);
  const job: Job = { ...file, ...watch, services, at, record, uploads: await client.uploads(), sentBytes: 0 };
  const lookup: Pick<Write<Found>, 'look' | 'tookSome'> = {
    look: async () => ({
      table: isCutShort(job)
        ? file.overwrite.existing
        : await tableNamed(client, at.environment, file.name, afterWrite(watch.signal)),
    }),
    tookSome: ({ table }) =>
      table !== undefined &&
      table.columns.length > 0 &&
      !(file.overwrite.existing && jsonEquals(table.raw, file.overwrite.existing.raw)),
  };
  return file.overwrite.route === 'file' ? sendAtOnce(job, lookup) : sendInSteps(job, lookup);
}

/** The older action: stores the file and creates or overwrites the table in one step. */
async function sendAtOnce(job: Job, lookup: Pick<Write<Found>, 'look' | 'tookSome'>): Promise<UploadResult> {
  const { uploads, at, record, overwrite, source, signal } = job;
  let written: Written<Found> = await write<Found>({
    send: async () => {
      const content = contentOf(job, overwrite.fileName);
      const table = await record.sending([], () =>
        uploads.file(at.environment, content, progressOf(job), signal),
      );
      // Some servers don't return the table (API facts 2.7).
      return table && { table };
    },
    ...lookup,
  });
  if (written.kind === 'refused' && written.error.kind !== 'file-unreadable' && mayHaveLeft(written.error)) {
    written = await ask(lookup, written.error);
  }
  if (written.kind !== 'refused' && isCanceled(written.doubt) && isCutShort(job)) {
    return { outcome: cutShort(source, job.sentBytes, written.doubt) };
  }
  return uploadOutcome(job, written);
}

/**
 * Stores the file, then creates a table from it. Nothing is overwritten, and if the first step fails, nothing is left
 * behind.
 */
async function sendInSteps(job: Job, lookup: Pick<Write<Found>, 'look' | 'tookSome'>): Promise<UploadResult> {
  const { uploads, at, record, format, name, signal, report } = job;
  let stored = job.stored?.format === format ? job.stored : undefined;
  if (!stored) {
    try {
      const content = contentOf(job, job.source.fileName);
      stored = { format, file: await uploads.store(at.environment, content, progressOf(job), signal) };
    } catch (error) {
      return notStored(job, error);
    }
  }
  const { file } = stored;
  job.sentBytes = job.source.sizeBytes;
  report(making, 100);
  const written = await write<Found>({
    send: async () => ({
      table: await record.sending([], () => uploads.create(at.environment, file, name, signal)),
    }),
    ...lookup,
  });
  if (written.kind === 'refused' && written.error.kind === 'endpoint-missing') {
    return { outcome: refused(written.error), isRouteGone: true };
  }
  const isForgotten = written.kind === 'refused' && hasForgottenUpload(written.error);
  return { ...uploadOutcome(job, written), stored: isForgotten ? undefined : stored };
}

/** The first of two steps failed. No table was touched, whatever the server has of the file. */
function notStored({ source, sentBytes, name }: Job, error: unknown): UploadResult {
  if (!isStop(error)) {
    throw error;
  }
  throwIfCanceled(error);
  if (isCanceled(error)) {
    return {
      outcome:
        sentBytes < source.sizeBytes
          ? cutShort(source, sentBytes, error)
          : notApplied(uploadCanceledLate(source.fileName, name, 'stored'), { cause: error }),
    };
  }
  const explained = explainUpload(error);
  return {
    isRouteGone: error.kind === 'endpoint-missing',
    outcome: error.mayHaveBeenApplied
      ? notApplied(explained.what, {
          why: sentences(explained.why, noTableTouched),
          action: { kind: 'retry' },
          cause: explained,
        })
      : refused(explained),
  };
}

/** A file that didn't arrive completely changes nothing, so PostHog needn't be asked. */
const isCutShort = ({ signal, sentBytes, source }: Job): boolean =>
  signal.aborted && sentBytes < source.sizeBytes;

function cutShort(
  { fileName, sizeBytes }: UploadSource,
  sentBytes: number,
  cause: Stop | undefined,
): Outcome<never> {
  const sent = sentBytes === 0 ? 'nothing' : `${sizeText(sentBytes)} of ${sizeText(sizeBytes)}`;
  return notApplied(uploadCanceled(fileName, sent), { cause });
}

const contentOf = ({ name, format, source }: Job, fileName: string): FileUpload => ({
  ...{ name, format, fileName, sizeBytes: source.sizeBytes },
  stream: () => source.stream(),
});

const making = 'sent. PostHog is creating the table.';

/** Reports how much of the file was sent. */
function progressOf(job: Job): (sentBytes: number) => void {
  const { report } = job;
  const { sizeBytes } = job.source;
  report(`0% of ${sizeText(sizeBytes)}`, 0);
  return (sentBytes) => {
    job.sentBytes = sentBytes;
    const percent = Math.floor((100 * sentBytes) / sizeBytes);
    report(sentBytes < sizeBytes ? `${percent}% of ${sizeText(sizeBytes)}` : making, percent);
  };
}
