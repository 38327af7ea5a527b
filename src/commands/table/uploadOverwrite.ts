import { Cancelled } from '../../connections/failures';
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

/** An answer that will not do, found out before anything was sent: the step is asked again. */
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
 * @throws AskAgain when another name has to be, or is to be, given
 * @throws Cancelled
 */
export async function agreeToOverwrite({
  services,
  target,
  source: { fileName },
  name,
  format,
  leftoverId,
}: Upload): Promise<Overwrite> {
  const plan = await withProgress(`Looking at the tables of ${target.name}`, (_report, signal) =>
    planUpload(services, target, { name, format }, signal),
  );
  const { existing, route } = plan;
  // What an earlier try has left may be overwritten without being asked.
  if (existing && existing.id !== leftoverId) {
    await agreeToReplace(services, existing, fileName);
  }
  const isShared = plan.readersOf(fileName).length > 0;
  return { existing, route, fileName: isShared ? await agreeToShare(services, plan, fileName) : fileName };
}

async function agreeToReplace(
  { prompts }: CommandServices,
  existing: WarehouseTable,
  fileName: string,
): Promise<void> {
  const { name } = existing;
  if (readOnlyReason(existing.raw) !== undefined || accessProblem(existing) !== undefined) {
    throw new AskAgain('name', `There is a table ${name} that cannot be overwritten. Choose another name.`);
  }
  const lost =
    existing.url_pattern === ''
      ? 'It has no files yet: an upload that failed may have left it.'
      : isHostedUpload(existing.url_pattern)
        ? 'What was uploaded before is lost.'
        : `It reads from ${maskSecretText(existing.url_pattern, '•••')} now; this link and its storage credentials are lost, the files there stay.`;
  const answer = await prompts.confirm(
    `Overwrite the warehouse table "${name}"?`,
    {
      detail: `There is a table of this name. Its content is replaced by ${fileName}. ${lost} This cannot be undone.`,
    },
    'Overwrite',
    'Choose Another Name',
  );
  if (answer === 'Choose Another Name') {
    throw new AskAgain('name', `There is a table ${name} already.`);
  }
  if (answer === undefined) {
    throw new Cancelled();
  }
}

/** PostHog stores uploads by file name: the same name again replaces what another table reads. */
async function agreeToShare(
  { prompts }: CommandServices,
  { readersOf }: UploadPlan,
  fileName: string,
): Promise<string> {
  const names = namesText(readersOf(fileName).map((table) => table.name));
  const answer = await prompts.confirm(
    `Overwrite the stored file of ${names}?`,
    {
      detail: `PostHog stores uploads by file name, and ${names} reads the stored file ${storedFileName(fileName)}. "Keep Both" stores this file under another name.`,
    },
    'Keep Both',
    'Overwrite',
  );
  switch (answer) {
    case 'Keep Both':
      return freeFileName(fileName, (candidate) => readersOf(candidate).length > 0);
    case 'Overwrite':
      return fileName;
    default:
      throw new Cancelled();
  }
}
