import type * as vscode from 'vscode';
import { Cancelled, failureText, isCancelled } from '../connections/failures';
import { isPostHogError, restate, PostHogError } from '../posthog/errors';
import type { PostHogClient } from '../posthog/client';
import type { UploadSource } from '../posthog/localFile';
import type { WarehouseTable } from '../posthog/models';
import { explainUpload, refusedField } from '../posthog/tableRefusals';
import { jsonEquals } from '../settings/json';
import { detectFormat, proposeTableName, tableNameProblem } from '../settings/table';
import {
  fileFormats,
  formatDoubt,
  formatOfLook,
  formatProblem,
  lookOf,
  sizeText,
} from '../settings/uploadFile';
import type { CommandServices } from './command';
import { withProgress } from './operation';
import { askAndSend, type Asking } from './steps';
import { revealTable, tableNamed } from './tableTargets';
import { picked, type EnvironmentTarget, type TableTarget } from './targets';
import { AskAgain, agreeToOverwrite, type Overwrite } from './uploadOverwrite';
import { uploadSource } from './uploadSource';

/** The person cancelled while a file was sent, and was told what became of it. */
export class ToldCancelled extends Cancelled {}

/** A file that became a table. */
export interface Uploaded {
  target: TableTarget;
  /** What happened, for a message. */
  sentence: string;
}

/** One upload while it is asked for and sent. */
interface Upload {
  services: CommandServices;
  target: EnvironmentTarget;
  client: PostHogClient;
  source: UploadSource;
  name: string;
  format: string;
  /** What the person has agreed to overwrite, so that sending again does not ask again. */
  agreed?: { name: string; overwrite: Overwrite };
}

/**
 * Asks for name and format, looks whether something would be overwritten, and sends the file.
 *
 * @throws Cancelled when the person gave up, after telling what has happened on the server
 * @throws PostHogError `file-unreadable` for a file that cannot be uploaded
 */
export async function uploadOne(
  services: CommandServices,
  target: EnvironmentTarget,
  uri: vscode.Uri,
): Promise<Uploaded> {
  const source = await uploadSource(uri);
  const client = await services.connections.client(target.connectionId);
  const upload: Upload = {
    services,
    target,
    client,
    source,
    name: proposeTableName(source.fileName),
    format: proposeFormat(source),
  };
  const { table, notice, existed } = await askAndSend<'name' | 'format', Sent>(services, {
    steps: [
      { field: 'format', ask: (asking) => askFormat(upload, asking) },
      { field: 'name', ask: (asking) => askName(upload, asking) },
    ],
    send: () => send(upload),
    refused: refusedStep,
  });
  const { connectionId, environment } = target;
  if (existed) {
    services.changes.tell({ kind: 'table', connectionId, environment, table });
  } else {
    services.changes.tell({ kind: 'tables', connectionId, environment });
  }
  services.receipts.tell({
    done: `Uploaded ${source.fileName} as ${table.name} to`,
    connectionId,
    environmentId: environment.id,
    name: target.name,
  });
  await revealTable(services, target, table.id);
  const sentence = existed
    ? `${source.fileName} has replaced the content of ${table.name}, which has ${columns(table)} now.`
    : `${source.fileName} is uploaded as ${table.name}, with ${columns(table)}.`;
  return {
    target: { ...target, kind: 'table', tableId: table.id, name: table.name },
    sentence: [sentence, notice].filter((text) => text !== '').join(' '),
  };
}

/** The format by the file's name, unless the file itself says otherwise. */
function proposeFormat({ fileName, head }: UploadSource): string {
  const look = lookOf(head);
  const byName = detectFormat(fileName);
  return byName !== undefined && formatProblem(byName, look) === undefined
    ? byName
    : (formatOfLook(look) ?? 'CSVWithNames');
}

async function askFormat(upload: Upload, { place, problem, back }: Asking): Promise<void> {
  const { services, source } = upload;
  const look = lookOf(source.head);
  const byName = detectFormat(source.fileName);
  const misnamed = byName === undefined ? undefined : formatProblem(byName, look);
  upload.format = picked(
    await services.prompts.pick(
      fileFormats.map((value) => {
        const doubt = formatProblem(value, look) ?? formatDoubt(value, look);
        return {
          label: value,
          description: doubt ?? formatTexts[value] ?? '',
          warning: doubt !== undefined,
          value,
        };
      }),
      {
        title: `Upload ${source.fileName} to ${upload.target.name}: Format ${place}`,
        placeHolder: problem ?? misnamed ?? 'The format of the file',
        active: upload.format,
        ...(back && { back }),
      },
    ),
  );
}

async function askName(upload: Upload, { place, problem, back }: Asking): Promise<void> {
  const { services, source } = upload;
  const answer = await services.prompts.ask({
    title: `Upload ${source.fileName} to ${upload.target.name}: Table Name ${place}`,
    prompt: 'The name of the table in queries: letters, digits and underscores',
    value: upload.name,
    ...(problem !== undefined && { problem }),
    ...(back && { back }),
    validate: (text) => tableNameProblem(text.trim()),
  });
  upload.name = picked(answer).trim();
}

function refusedStep(error: unknown): { field: 'name' | 'format'; problem: string } | undefined {
  if (error instanceof AskAgain) {
    return error;
  }
  const field = isPostHogError(error) ? refusedField(error) : undefined;
  return isPostHogError(error) && (field === 'name' || field === 'format')
    ? { field, problem: error.detail ?? error.message }
    : undefined;
}

interface Sent {
  table: WarehouseTable;
  /** The table was there before and has other content now. */
  existed: boolean;
  /** Sentence about an error that the server answered although it did the work. */
  notice: string;
}

async function send(upload: Upload): Promise<Sent> {
  const { services, target, client, source, name, format } = upload;
  const problem = formatProblem(format, lookOf(source.head));
  if (problem !== undefined) {
    throw new AskAgain('format', problem);
  }
  if (upload.agreed?.name !== name) {
    upload.agreed = {
      name,
      overwrite: await agreeToOverwrite(services, client, target, source.fileName, name),
    };
  }
  const { existing, fileName } = upload.agreed.overwrite;
  let sentBytes = 0;
  try {
    const answer = await withProgress(`Uploading ${source.fileName} to ${target.name}`, (report, signal) => {
      report(`0 % of ${sizeText(source.sizeBytes)}`, 0);
      return client.uploadFile(
        target.environment,
        { name, format, fileName, sizeBytes: source.sizeBytes, stream: () => source.stream() },
        (bytes) => {
          sentBytes = bytes;
          reportBytes(report, bytes, source.sizeBytes);
        },
        signal,
      );
    });
    // Some servers answer without the table (API facts 2.7).
    const table =
      answer ?? (await tableNamed(client, target.environment, name, new AbortController().signal));
    if (!table) {
      throw notListed(source.fileName, name);
    }
    return { table, existed: existing !== undefined, notice: '' };
  } catch (error) {
    if (isCancelled(error)) {
      await tellCancelled(upload, existing, sentBytes);
      throw new ToldCancelled();
    }
    if (!isPostHogError(error)) {
      throw error;
    }
    if (!error.mayHaveBeenApplied || error.kind === 'file-unreadable') {
      throw explainUpload(error);
    }
    return foundAfterError(upload, existing, error);
  }
}

function reportBytes(
  report: (message: string, percent?: number) => void,
  bytes: number,
  sizeBytes: number,
): void {
  const percent = Math.floor((100 * bytes) / sizeBytes);
  report(
    bytes < sizeBytes ? `${percent} % of ${sizeText(sizeBytes)}` : 'sent. PostHog is making the table.',
    percent,
  );
}

/** After an error that leaves open whether the server did the work, the server is asked. */
async function foundAfterError(
  { client, target, name }: Upload,
  existing: WarehouseTable | undefined,
  error: PostHogError,
): Promise<Sent> {
  let now: WarehouseTable | undefined;
  try {
    now = await tableNamed(client, target.environment, name, new AbortController().signal);
  } catch (again) {
    if (!isPostHogError(again)) {
      throw again;
    }
    throw explainUpload(error);
  }
  if (now && !(existing && jsonEquals(now.raw, existing.raw))) {
    return {
      table: now,
      existed: existing !== undefined,
      notice: `${error.what} It was asked again and has the table.`,
    };
  }
  const state = existing
    ? `PostHog was asked again: ${name} has the columns it had, but its content may be new.`
    : `PostHog was asked again: there is no table ${name}.`;
  throw restate(explainUpload(error), { remedy: `${state} Uploading once more does no harm.` });
}

/** A file that has not arrived in whole changes nothing on the server; one that has may have. */
async function tellCancelled(
  { services, client, target, source, name }: Upload,
  existing: WarehouseTable | undefined,
  sentBytes: number,
): Promise<void> {
  const { prompts, log } = services;
  if (sentBytes < source.sizeBytes) {
    const sent = sentBytes === 0 ? 'nothing' : `${sizeText(sentBytes)} of ${sizeText(source.sizeBytes)}`;
    const message = `Cancelled, and nothing has changed in PostHog: ${sent} of ${source.fileName} had been sent.`;
    await prompts.tell('information', message);
    return;
  }
  let now: WarehouseTable | undefined;
  try {
    now = await tableNamed(client, target.environment, name, new AbortController().signal);
  } catch (error) {
    log.warn(`After cancelling an upload: ${failureText(error, log)}`);
  }
  const { connectionId, environment } = target;
  if (now && !existing) {
    services.receipts.tell({
      done: `Uploaded ${source.fileName} as ${name} to`,
      connectionId,
      environmentId: environment.id,
      name: target.name,
    });
  }
  if (now) {
    services.changes.tell(
      existing
        ? { kind: 'table', connectionId, environment, table: now }
        : { kind: 'tables', connectionId, environment },
    );
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

const columns = ({ columns: { length } }: WarehouseTable): string =>
  `${length} column${length === 1 ? '' : 's'}`;

/** What the formats are (API facts 2.1). */
const formatTexts: Readonly<Record<string, string>> = {
  CSVWithNames: 'the first line has the column names',
  CSV: 'without a line of column names',
  JSONEachRow: 'one JSON object per line',
  Parquet: '',
};
