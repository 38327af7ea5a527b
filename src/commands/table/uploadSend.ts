import type { Outcome } from '../../operations/outcome';
import { uploadFile } from '../../operations/table/uploadFile';
import type { Uploaded } from '../../operations/table/uploadOutcome';
import type { Overwrite } from '../../operations/table/uploadPlan';
import { withProgress } from '../batch';
import { offerRemoval } from './uploadLeftover';
import { agreeToOverwrite } from './uploadOverwrite';
import type { Upload } from './uploadState';
import { whereText } from '../placeNames';

/**
 * Asks about overwriting, then uploads the file.
 *
 * @throws AskAgain if an answer is rejected
 * @throws Canceled if the user canceled before anything was sent, or has seen why the upload failed
 */
export async function send(upload: Upload): Promise<Outcome<Uploaded>> {
  const { services, target, source, name, format, stored } = upload;
  const file = { source, name, format, stored, overwrite: await agreed(upload) };
  const where = whereText(services, target, target.name);
  const result = await withProgress(`Uploading ${source.fileName} to ${where}`, (report, signal) =>
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
    return offerRemoval(upload, result.outcome, result.leftover);
  }
  return result.outcome;
}

/** Remembers what the user agreed to overwrite, so that they aren't asked again. */
async function agreed(upload: Upload): Promise<Overwrite> {
  const { name, format } = upload;
  if (upload.agreed?.name !== name || upload.agreed.format !== format) {
    upload.agreed = { name, format, overwrite: await agreeToOverwrite(upload) };
  }
  return upload.agreed.overwrite;
}
