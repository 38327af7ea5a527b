import { Canceled } from '../../connections/failures';
import { planUpload, type Overwrite, type UploadPlan } from '../../operations/table/uploadPlan';
import type { WarehouseTable } from '../../posthog/models';
import { namesText } from '../../json/namesText';
import { readOnlyReason } from '../../warehouse/managed';
import { accessProblem } from '../../warehouse/tableAccess';
import { maskSecretText } from '../../settings/secrets';
import { freeFileName, isHostedUpload, storedFileName } from '../../warehouse/uploadFile';
import type { CommandServices } from '../command';
import { withProgress } from '../batch';
import type { Upload } from './uploadState';
import { cantBeUndone } from '../../operations/phrases/writes';
import { buttonFor, whereText } from '../placeNames';

/** An answer that was rejected before anything was sent: repeat the step. */
export class AskAgain extends Error {
  constructor(
    readonly field: 'name' | 'format',
    readonly problem: string,
  ) {
    super(problem);
    this.name = 'AskAgain';
  }
}

/**
 * Asks before an upload overwrites a table of the same name, or the stored file of another table (API facts 2.7).
 *
 * @throws AskAgain if another name is needed or wanted
 * @throws Canceled
 */
export async function agreeToOverwrite({
  services,
  target,
  source: { fileName },
  name,
  format,
  leftoverId,
}: Upload): Promise<Overwrite> {
  const plan = await withProgress(
    `Checking the tables of ${whereText(services, target, target.name)}`,
    (_report, signal) => planUpload(services, target, { name, format }, signal),
  );
  const { existing, route } = plan;
  // Leftovers of an earlier attempt can be overwritten without asking.
  if (existing && existing.id !== leftoverId) {
    await agreeToReplace(services, target, existing, fileName);
  }
  const isShared = plan.readersOf(fileName).length > 0;
  return {
    existing,
    route,
    fileName: isShared ? await agreeToShare(services, target, plan, fileName) : fileName,
  };
}

async function agreeToReplace(
  services: CommandServices,
  target: Upload['target'],
  existing: WarehouseTable,
  fileName: string,
): Promise<void> {
  const { name } = existing;
  if (readOnlyReason(existing.raw) !== undefined || accessProblem(existing) !== undefined) {
    throw new AskAgain(
      'name',
      `A table named ${name} already exists and can't be overwritten. Choose another name.`,
    );
  }
  const lost =
    existing.url_pattern === ''
      ? 'It has no files yet and may be left over from a failed upload.'
      : isHostedUpload(existing.url_pattern)
        ? 'The content uploaded before will be lost.'
        : `It currently reads ${maskSecretText(existing.url_pattern, '•••')}. This link and its storage credentials will be lost; the files there are kept.`;
  const answer = await services.prompts.confirm(
    `Overwrite the warehouse table "${name}" of ${whereText(services, target, target.name)}?`,
    {
      detail: `A table with this name already exists. Its content is replaced with ${fileName}. ${lost} ${cantBeUndone}`,
    },
    buttonFor(services, 'Overwrite in', [target]),
    'Choose Another Name',
  );
  if (answer === 'Choose Another Name') {
    throw new AskAgain('name', `A table named ${name} already exists.`);
  }
  if (answer === undefined) {
    throw new Canceled();
  }
}

/** PostHog stores uploads by file name: the same name replaces the file that another table reads. */
async function agreeToShare(
  services: CommandServices,
  target: Upload['target'],
  { readersOf }: UploadPlan,
  fileName: string,
): Promise<string> {
  const readers = readersOf(fileName).map((table) => table.name);
  const names = namesText(readers);
  const keep = buttonFor(services, 'Keep Both in', [target]);
  const overwrite = buttonFor(services, 'Overwrite in', [target]);
  const answer = await services.prompts.confirm(
    `Overwrite the stored file of ${names} in ${whereText(services, target, target.name)}?`,
    {
      detail: `PostHog stores uploads by file name, and ${names} ${readers.length === 1 ? 'reads' : 'read'} the stored file ${storedFileName(fileName)}. Keeping both stores this file under another name.`,
    },
    keep,
    overwrite,
  );
  switch (answer) {
    case keep:
      return freeFileName(fileName, (candidate) => readersOf(candidate).length > 0);
    case overwrite:
      return fileName;
    default:
      throw new Canceled();
  }
}
