import type { StoredUpload } from '../../operations/table/uploadOutcome';
import type { Overwrite } from '../../operations/table/uploadPlan';
import type { UploadSource } from '../../operations/table/uploadSource';
import type { CommandServices } from '../command';
import type { EnvironmentTarget } from '../targets';

/** One upload while it is asked for and sent. */
export interface Upload {
  services: CommandServices;
  target: EnvironmentTarget;
  source: UploadSource;
  name: string;
  format: string;
  /** What the person has agreed to send although it may not go well, so that sending again does not ask again. */
  advised?: string;
  /** What the person has agreed to overwrite, likewise. */
  agreed?: { name: string; format: string; overwrite: Overwrite };
  /** What an earlier try has left on the server. */
  stored?: StoredUpload | undefined;
  /** The table without columns that a failed try has left. */
  leftoverId?: string;
}
