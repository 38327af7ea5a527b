import type { Outcome } from '../../operations/outcome';
import { uploadFile } from '../../operations/table/uploadFile';
import type { Uploaded } from '../../operations/table/uploadOutcome';
import type { Overwrite } from '../../operations/table/uploadPlan';
import { withProgress } from '../batch';
import { tellLeftover } from './uploadLeftover';
import { agreeToOverwrite } from './uploadOverwrite';
import type { Upload } from './uploadState';

/**
 * Asks what would be overwritten, and sends the file.
 *
 * @throws AskAgain for an answer that will not do
 * @throws Cancelled when the person gave up before anything was sent, or was told why the upload failed
 */
export async function send(upload: Upload): Promise<Outcome<Uploaded>> {
  const { services, target, source, name, format, stored } = upload;
  const file = { source, name, format, stored, overwrite: await agreed(upload) };
  const result = await withProgress(`Uploading ${source.fileName} to ${target.name}`, (report, signal) =>
    uploadFile(services, target, file, { report, signal }),
  );
  upload.stored = result.stored;
  if (result.isRouteGone) {
    delete upload.agreed;
    return send(upload);
  }
  if (result.leftover) {
    upload.leftoverId = result.leftover.id;
    delete upload.agreed;
    return tellLeftover(upload, result.outcome, result.leftover);
  }
  return result.outcome;
}

/** What the person has agreed to overwrite; the same is not asked twice. */
async function agreed(upload: Upload): Promise<Overwrite> {
  const { name, format } = upload;
  if (upload.agreed?.name !== name || upload.agreed.format !== format) {
    upload.agreed = { name, format, overwrite: await agreeToOverwrite(upload) };
  }
  return upload.agreed.overwrite;
}
