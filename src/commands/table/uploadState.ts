import type { PostHogClient } from '../../posthog/client';
import type { UploadSource } from '../../platform/localFile';
import type { StoredFile } from '../../posthog/uploads';
import type { WarehouseTable } from '../../posthog/models';
import type { CommandServices } from '../command';
import type { EnvironmentTarget } from '../targets';
import type { Overwrite } from './uploadOverwrite';

/** One upload while it is asked for and sent. */
export interface Upload {
  services: CommandServices;
  target: EnvironmentTarget;
  client: PostHogClient;
  source: UploadSource;
  name: string;
  format: string;
  /** What the person has agreed to send although it may not go well, so that sending again does not ask again. */
  advised?: string;
  /** What the person has agreed to overwrite, likewise. */
  agreed?: { name: string; format: string; overwrite: Overwrite };
  /** The file as the server has it already: another name for its table needs no second upload. */
  stored?: { format: string; file: StoredFile };
  /** The table without columns that a failed try has left. */
  leftoverId?: string;
}

/** What an upload has become. */
export interface Sent {
  table: WarehouseTable;
  /** The table was there before and has other content now. */
  existed: boolean;
  /** Sentence about an error that the server answered although it did the work. */
  notice: string;
}
