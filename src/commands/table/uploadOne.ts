import type * as vscode from 'vscode';
import { Canceled } from '../../connections/failures';
import { isPostHogError } from '../../posthog/errors';
import type { UploadSource } from '../../operations/table/uploadSource';
import { refusedField } from '../../posthog/tableRefusals';
import { outcomeText } from '../../operations/outcome';
import type { Uploaded } from '../../operations/table/uploadOutcome';
import { adviceFor, encodingOf } from '../../warehouse/fileAdvice';
import { formatLabel } from '../../warehouse/formats';
import { formatHint } from '../../warehouse/formatTexts';
import { detectFormat, proposeTableName, tableNameProblem } from '../../warehouse/table';
import { fileFormats, formatDoubt, formatOfLook, formatProblem, lookOf } from '../../warehouse/uploadFile';
import { withLateCancel } from '../../ui/lateProgress';
import type { CommandServices } from '../command';
import { askAndSend, type Asking } from '../multiStepInput';
import { revealTable } from './tableTargets';
import { picked, type EnvironmentTarget, type TableTarget } from '../targets';
import { AskAgain } from './uploadOverwrite';
import { send } from './uploadSend';
import type { Upload } from './uploadState';
import { uploadSource } from './uploadSource';
import { buttonFor, whereText } from '../placeNames';

/** A file that became a table. */
interface UploadedFile {
  target: TableTarget;
  /** What happened, for a message. */
  sentence: string;
}

/**
 * Asks for name and format, warns about likely problems, and uploads the file.
 *
 * @throws Canceled if the user canceled, after reporting what happened on the server
 * @throws PostHogError `file-unreadable` if the file can't be uploaded
 */
export async function uploadOne(
  services: CommandServices,
  target: EnvironmentTarget,
  uri: vscode.Uri,
): Promise<UploadedFile> {
  const source = await uploadSource(uri);
  const upload: Upload = {
    services,
    target,
    source,
    name: proposeTableName(source.fileName),
    format: proposeFormat(source),
  };
  const outcome = await askAndSend<'name' | 'format', Uploaded>(services, {
    again: buttonFor(services, 'Try Again in', [target]),
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
  const { id: tableId, name } = outcome.result.table;
  await revealTable(services, target, tableId);
  return { target: { ...target, kind: 'table', tableId, name }, sentence: outcomeText(outcome) };
}

/** The format by extension, unless the content says otherwise. */
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
        const doubt = formatDoubt(value, look);
        return {
          label: formatLabel(value),
          description: doubt ?? formatHint(value),
          warning: doubt !== undefined,
          value,
        };
      }),
      {
        title: `Upload ${source.fileName} to ${whereOf(upload)}: Format ${place}`,
        placeHolder: problem ?? misnamed ?? 'Choose the format of the file',
        active: upload.format,
        ...(back && { back }),
      },
    ),
  );
}

const whereOf = ({ services, target }: Upload): string => whereText(services, target, target.name);

async function askName(upload: Upload, { place, problem, back }: Asking): Promise<void> {
  const { services, source } = upload;
  const answer = await services.prompts.ask({
    title: `Upload ${source.fileName} to ${whereOf(upload)}: Table Name ${place}`,
    prompt: 'Table name in queries: letters, digits, and underscores',
    value: upload.name,
    ...(problem !== undefined && { problem }),
    ...(back && { back }),
    validate: (text) => tableNameProblem(text.trim()),
  });
  upload.name = picked(answer).trim();
}

/**
 * Warns about how PostHog would read the file, before it is sent.
 *
 * @throws AskAgain if the user wants to change something
 * @throws Canceled
 */
async function advise(upload: Upload): Promise<void> {
  const { services, source, name, format } = upload;
  const { fileName, head, isGzip } = source;
  // At first in the status bar: VS Code shows at most three new notifications per second, and the result is one.
  const encoding =
    format === 'Parquet'
      ? 'utf-8'
      : await withLateCancel(`Checking ${fileName}`, (signal) =>
          encodingOf(head, isGzip ? undefined : source.stream(), signal),
        );
  const advice = adviceFor({ fileName, head, encoding, isGzip }, format, name);
  const [first] = advice;
  const detail = advice.map(({ text }) => text).join('\n');
  if (!first || upload.advised === detail) {
    return;
  }
  const answer = await services.prompts.confirm(
    `Upload ${fileName} to ${whereOf(upload)} as is?`,
    { detail: advice.map(({ text }) => text), severity: 'warning' },
    buttonFor(services, 'Upload to', [upload.target]),
    'Change…',
  );
  if (answer === 'Change…') {
    throw new AskAgain(first.field, first.text);
  }
  if (answer === undefined) {
    throw new Canceled();
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
