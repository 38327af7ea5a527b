import { isProtectedName } from '../../connections/protectedNames';
import type { FileEnvironment } from './settingsFile';

/** Whether the file has changes of an environment take consent of their own; else its name on the server decides. */
export const isProtectedByFile = (
  { isProtected }: Pick<FileEnvironment, 'isProtected'>,
  name: string,
): boolean => isProtected ?? isProtectedName(name);
