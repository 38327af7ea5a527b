import { Cancelled } from '../../connections/failures';
import type { PostHogClient } from '../../posthog/client';
import type { UploadRoute, WarehouseTable } from '../../posthog/models';
import type { Uploads } from '../../posthog/uploads';
import { namesText } from '../../json/namesText';
import { accessProblem, readOnlyReason } from '../../warehouse/managed';
import { maskSecretText } from '../../settings/secrets';
import { freeFileName, isHostedUpload, readsUpload, storedFileName } from '../../warehouse/uploadFile';
import type { CommandServices } from '../command';
import { withProgress } from '../batch';
import { allTables } from '../../directory/tableLookup';
import type { EnvironmentTarget } from '../targets';

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

/** What an upload overwrites with the person's consent. */
export interface Overwrite {
  /** The table of the same name, as it was before. */
  existing: WarehouseTable | undefined;
  /** The name the file is sent under. */
  fileName: string;
  /** How it is sent. Only the older action overwrites. */
  route: UploadRoute;
}

/** What is to be uploaded, and as what. */
interface Asked {
  fileName: string;
  name: string;
  format: string;
  /** The table that an earlier try has left without columns: it may be overwritten without being asked. */
  leftoverId: string | undefined;
}

/**
 * Asks before an upload overwrites a table of the same name, or the stored file of another table (API facts 2.7).
 *
 * @throws AskAgain when another name has to be, or is to be, given
 * @throws Cancelled
 */
export async function agreeToOverwrite(
  services: CommandServices,
  { client, uploads, target }: { client: PostHogClient; uploads: Uploads; target: EnvironmentTarget },
  { fileName, name, format, leftoverId }: Asked,
): Promise<Overwrite> {
  const { environment } = target;
  const [route, tables] = await withProgress(
    `Looking at the tables of ${target.name}`,
    async (_report, signal) => {
      const known = uploads.takes(format) ? await uploads.route(environment, signal) : 'file';
      // Reading the same stored file cannot be searched for, so the whole list is looked through.
      const relevant: WarehouseTable[] = [];
      for await (const table of allTables(client, environment, signal)) {
        if (table.name === name || isHostedUpload(table.url_pattern)) {
          relevant.push(table);
        }
      }
      return [known, relevant] as const;
    },
  );
  const existing = tables.find((table) => table.name === name);
  if (!existing && route === 'upload_file') {
    return { existing, fileName, route };
  }
  if (existing && existing.id !== leftoverId) {
    await agreeToReplace(services, existing, fileName);
  }
  const isTaken = (candidate: string): boolean =>
    tables.some((table) => table !== existing && readsUpload(table.url_pattern, environment.id, candidate));
  return {
    existing,
    fileName: isTaken(fileName) ? await agreeToShare(services, tables, target, fileName, existing) : fileName,
    route: 'file',
  };
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
  tables: readonly WarehouseTable[],
  { environment }: EnvironmentTarget,
  fileName: string,
  existing: WarehouseTable | undefined,
): Promise<string> {
  const readers = (candidate: string): WarehouseTable[] =>
    tables.filter((table) => table !== existing && readsUpload(table.url_pattern, environment.id, candidate));
  const names = namesText(readers(fileName).map((table) => table.name));
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
      return freeFileName(fileName, (candidate) => readers(candidate).length > 0);
    case 'Overwrite':
      return fileName;
    default:
      throw new Cancelled();
  }
}
