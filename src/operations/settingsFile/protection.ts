import { isProtectedName } from '../../connections/protectedNames';
import type { FileEnvironment } from './settingsFile';

/** Whether changes of an environment need their own consent: as the file says, or else by its name on the server. */
export const isProtectedByFile = (
  { isProtected }: Pick<FileEnvironment, 'isProtected'>,
  name: string,
): boolean => isProtected ?? isProtectedName(name);
