import type * as vscode from 'vscode';
import { Cancelled } from '../../connections/failures';
import { isPostHogError } from '../../posthog/errors';
import type { UploadSource } from '../../platform/localFile';
import { refusedField } from '../../posthog/tableRefusals';
import type { WarehouseTable } from '../../posthog/models';
import { adviceFor, encodingOf } from '../../warehouse/fileAdvice';
import { formatHint, formatLabel } from '../../settings/formats';
import { detectFormat, proposeTableName, tableNameProblem } from '../../warehouse/table';
import { fileFormats, formatDoubt, formatOfLook, formatProblem, lookOf } from '../../warehouse/uploadFile';
import { withStatus } from '../../ui/progress';
import type { CommandServices } from '../command';
import { askAndSend, type Asking } from '../multiStepInput';
import { revealTable } from './tableTargets';
import { picked, type EnvironmentTarget, type TableTarget } from '../targets';
import { AskAgain } from './uploadOverwrite';
import { send } from './uploadSend';
import { type Sent, type Upload } from './uploadState';
import { uploadSource } from './uploadSource';

/** A file that became a table. */
export interface Uploaded {
  target: TableTarget;
  /** What happened, for a message. */
  sentence: string;
}

/**
 * Asks for name and format, says what will probably go wrong, and sends the file.
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
    send: async () => {
      const problem = formatProblem(upload.format, lookOf(source.head));
      if (problem !== undefined) {
        throw new AskAgain('format', problem);
      }
      await advise(upload);
      return send(upload);
    },
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
          label: formatLabel(value),
          description: doubt ?? formatHint(value),
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

/**
 * Says what PostHog would make of the file, before it is sent.
 *
 * @throws AskAgain when the person wants to change something
 * @throws Cancelled
 */
async function advise(upload: Upload): Promise<void> {
  const { services, source, name, format } = upload;
  const { fileName, head, isGzip } = source;
  // In the status bar: VS Code shows no more than three new notifications in a second, and the result is one.
  const encoding =
    format === 'Parquet'
      ? 'utf-8'
      : await withStatus(`Looking at ${fileName}`, () => encodingOf(head, isGzip ? [] : source.stream()));
  const advice = adviceFor({ fileName, head, encoding, isGzip }, format, name);
  const [first] = advice;
  const detail = advice.map(({ text }) => text).join('\n');
  if (!first || upload.advised === detail) {
    return;
  }
  const answer = await services.prompts.confirm(
    `Upload ${fileName} as it is?`,
    { detail: advice.map(({ text }) => text), severity: 'warning' },
    'Upload Anyway',
    'Change…',
  );
  if (answer === 'Change…') {
    throw new AskAgain(first.field, first.text);
  }
  if (answer === undefined) {
    throw new Cancelled();
  }
  upload.advised = detail;
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

const columns = ({ columns: { length } }: WarehouseTable): string =>
  `${length} column${length === 1 ? '' : 's'}`;
