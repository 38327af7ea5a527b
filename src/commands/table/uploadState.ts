import type { StoredUpload } from '../../operations/table/uploadOutcome';
import type { Overwrite } from '../../operations/table/uploadPlan';
import type { UploadSource } from '../../operations/table/uploadSource';
import type { CommandServices } from '../command';
import type { EnvironmentTarget } from '../targets';

/** An upload in progress. */
export interface Upload {
  services: CommandServices;
  target: EnvironmentTarget;
  source: UploadSource;
  name: string;
  format: string;
  /** The warning the user accepted, so that a retry doesn't ask again. */
  advised?: string;
  /** The overwrite the user agreed to, likewise. */
  agreed?: { name: string; format: string; overwrite: Overwrite };
  /** What an earlier attempt stored on the server. */
  stored?: StoredUpload | undefined;
  /** The table without columns that a failed attempt left. */
  leftoverId?: string;
}
