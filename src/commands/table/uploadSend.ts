import { Cancelled, failureText, isCancelled } from '../../connections/failures';
import { isPostHogError, restate, PostHogError } from '../../posthog/errors';
import type { UploadSource } from '../../platform/localFile';
import type { FileUpload } from '../../posthog/multipart';
import { explainUpload, mayHaveLeft } from '../../posthog/tableRefusals';
import type { Uploads } from '../../posthog/uploads';
import type { WarehouseTable } from '../../posthog/models';
import { jsonEquals } from '../../json/json';
import { sizeText } from '../../warehouse/uploadFile';
import { withProgress, type Report } from '../../ui/progress';
import { tableNamed } from '../../directory/tableLookup';
import { tellLeftover } from './uploadLeftover';
import type { Sent, Upload } from './uploadState';
import { agreeToOverwrite, type Overwrite } from './uploadOverwrite';

/** The person cancelled while a file was sent, and was told what became of it. */
export class ToldCancelled extends Cancelled {}

/**
 * Asks what would be overwritten, and sends the file.
 *
 * @throws AskAgain for an answer that will not do
 * @throws Cancelled when the person gave up, after telling what has happened on the server
 */
export async function send(upload: Upload): Promise<Sent> {
  const { services, target, client, source, name, format } = upload;
  const uploads = await client.uploads();
  if (upload.agreed?.name !== name || upload.agreed.format !== format) {
    const asked = { fileName: source.fileName, name, format, leftoverId: upload.leftoverId };
    const overwrite = await agreeToOverwrite(services, { client, uploads, target }, asked);
    upload.agreed = { name, format, overwrite };
  }
  const { overwrite } = upload.agreed;
  if (overwrite.route === 'file') {
    return sendAtOnce(upload, uploads, overwrite);
  }
  try {
    return await sendInSteps(upload, uploads);
  } catch (error) {
    if (isPostHogError(error) && error.kind === 'endpoint-missing') {
      // The server was set back, and has only the older action now: what that overwrites is asked for first.
      delete upload.agreed;
      delete upload.stored;
      return send(upload);
    }
    throw error;
  }
}

/** Stores the file, then makes a table of it. Nothing is overwritten, and a failure of the first step leaves nothing. */
async function sendInSteps(upload: Upload, uploads: Uploads): Promise<Sent> {
  const { target, source, name, format } = upload;
  const progress = { sentBytes: 0, isStored: false };
  try {
    const table = await withProgress(
      `Uploading ${source.fileName} to ${target.name}`,
      async (report, signal) => {
        let file = upload.stored?.format === format ? upload.stored.file : undefined;
        if (!file) {
          file = await uploads.store(
            target.environment,
            contentOf(upload, source.fileName),
            reporter(source, report, progress),
            signal,
          );
          upload.stored = { format, file };
        }
        progress.isStored = true;
        report('sent. PostHog is making the table.', 100);
        return uploads.create(target.environment, file, name, signal);
      },
    );
    return { table, existed: false, notice: '' };
  } catch (error) {
    if (isCancelled(error)) {
      await tellCancelled(upload, undefined, progress);
      throw new ToldCancelled();
    }
    if (!isPostHogError(error) || error.kind === 'file-unreadable') {
      throw error;
    }
    if (/uploaded file not found/i.test(error.detail ?? '')) {
      delete upload.stored;
    }
    if (!error.mayHaveBeenApplied) {
      throw explainUpload(error);
    }
    if (!progress.isStored) {
      throw restate(explainUpload(error), {
        remedy: `No table has been made or changed. Uploading once more does no harm.`,
      });
    }
    return foundAfterError(upload, undefined, error);
  }
}

/** The older action: stores the file and makes or overwrites the table at once. */
async function sendAtOnce(upload: Upload, uploads: Uploads, overwrite: Overwrite): Promise<Sent> {
  const { target, client, source, name } = upload;
  const { existing, fileName } = overwrite;
  const progress = { sentBytes: 0, isStored: false };
  try {
    const answer = await withProgress(`Uploading ${source.fileName} to ${target.name}`, (report, signal) =>
      uploads.file(
        target.environment,
        contentOf(upload, fileName),
        reporter(source, report, progress),
        signal,
      ),
    );
    // Some servers answer without the table (API facts 2.7).
    const table =
      answer ?? (await tableNamed(client, target.environment, name, new AbortController().signal));
    if (!table) {
      throw notListed(source.fileName, name);
    }
    return { table, existed: existing !== undefined, notice: '' };
  } catch (error) {
    if (isCancelled(error)) {
      await tellCancelled(upload, existing, progress);
      throw new ToldCancelled();
    }
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!mayHaveLeft(error) || error.kind === 'file-unreadable') {
      throw explainUpload(error);
    }
    return foundAfterError(upload, existing, error);
  }
}

function contentOf({ name, format, source }: Upload, fileName: string): FileUpload {
  return { name, format, fileName, sizeBytes: source.sizeBytes, stream: () => source.stream() };
}

function reporter(
  { sizeBytes }: UploadSource,
  report: Report,
  progress: { sentBytes: number },
): (sentBytes: number) => void {
  report(`0 % of ${sizeText(sizeBytes)}`, 0);
  return (sentBytes) => {
    progress.sentBytes = sentBytes;
    const percent = Math.floor((100 * sentBytes) / sizeBytes);
    report(
      sentBytes < sizeBytes ? `${percent} % of ${sizeText(sizeBytes)}` : 'sent. PostHog is making the table.',
      percent,
    );
  };
}

/** After an error that leaves open what the server has done, the server is asked, and the tree shows what it has. */
async function foundAfterError(
  upload: Upload,
  existing: WarehouseTable | undefined,
  error: PostHogError,
): Promise<Sent> {
  const { client, target, name } = upload;
  const explained = explainUpload(error);
  let now: WarehouseTable | undefined;
  try {
    now = await tableNamed(client, target.environment, name, new AbortController().signal);
  } catch (again) {
    if (!isPostHogError(again)) {
      throw again;
    }
    throw restate(explained, {
      remedy: `PostHog could not be asked what is left of it. Refresh the list to see whether there is a table ${name}.`,
    });
  }
  showFound(upload, existing, now);
  const isEmpty = now?.columns.length === 0;
  if (now && isEmpty && (!existing || existing.columns.length === 0)) {
    upload.leftoverId = now.id;
    delete upload.agreed;
    return tellLeftover(upload, explained, now);
  }
  const differs = now && !(existing && jsonEquals(now.raw, existing.raw));
  if (now && !isEmpty && differs) {
    return {
      table: now,
      existed: existing !== undefined,
      notice: `${error.what} It was asked again and has the table.`,
    };
  }
  throw restate(explained, { remedy: `PostHog was asked again: ${stateOf(name, existing, now)}` });
}

function stateOf(
  name: string,
  existing: WarehouseTable | undefined,
  now: WarehouseTable | undefined,
): string {
  if (!existing) {
    return `there is no table ${name}. Uploading once more does no harm.`;
  }
  if (!now) {
    return `the table ${name} is gone. Upload the file again to have one.`;
  }
  return now.columns.length === 0
    ? `${name} has no columns any more. Upload a file that PostHog can read to fill it again.`
    : `${name} has the columns it had, but the file it reads may have been replaced. Look at its rows.`;
}

function showFound(
  { services, target }: Upload,
  existing: WarehouseTable | undefined,
  now: WarehouseTable | undefined,
): void {
  const { connectionId, environment } = target;
  if (existing && now) {
    services.changes.tell({ kind: 'table', connectionId, environment, table: now });
  } else if (existing) {
    services.changes.tell({ kind: 'tables', connectionId, environment, removedIds: [existing.id] });
  } else if (now) {
    services.changes.tell({ kind: 'tables', connectionId, environment });
  }
}

/** A file that has not arrived in whole changes nothing on the server; one that has may have. */
async function tellCancelled(
  upload: Upload,
  existing: WarehouseTable | undefined,
  { sentBytes, isStored }: { sentBytes: number; isStored: boolean },
): Promise<void> {
  const { services, client, target, source, name, agreed } = upload;
  const { prompts, log } = services;
  if (!isStored && sentBytes < source.sizeBytes) {
    const sent = sentBytes === 0 ? 'nothing' : `${sizeText(sentBytes)} of ${sizeText(source.sizeBytes)}`;
    const message = `Cancelled, and nothing has changed in PostHog: ${sent} of ${source.fileName} had been sent.`;
    await prompts.tell('information', message);
    return;
  }
  if (!isStored && agreed?.overwrite.route === 'upload_file') {
    const message = `Cancelled when ${source.fileName} had been sent in whole: PostHog makes no table of it, but may keep the file.`;
    await prompts.tell('information', message);
    return;
  }
  let now: WarehouseTable | undefined;
  try {
    now = await tableNamed(client, target.environment, name, new AbortController().signal);
  } catch (error) {
    log.warn(`After cancelling an upload: ${failureText(error, log)}`);
  }
  if (now && !existing) {
    services.receipts.tell({
      done: `Uploaded ${source.fileName} as ${name} to`,
      connectionId: target.connectionId,
      environmentId: target.environment.id,
      name: target.name,
    });
  }
  if (now) {
    showFound(upload, existing, now);
  }
  const state = existing
    ? `${name} may have the new content already.`
    : now
      ? `PostHog has made the table ${name} of it.`
      : `there is no table ${name} so far, but PostHog may still make it.`;
  await prompts.tell('information', `Cancelled when ${source.fileName} had been sent in whole: ${state}`);
}

function notListed(fileName: string, name: string): PostHogError {
  return new PostHogError({
    kind: 'unexpected-answer',
    what: `PostHog took ${fileName}, but does not list a table ${name}.`,
    why: 'It may still be making it.',
    remedy: 'Refresh the list in a moment.',
  });
}
