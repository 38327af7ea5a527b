import { readFileMarks, type FileMark } from '../operations/settingsFile/fileMarks';
import { readSettingsFile, type FileEnvironment } from '../operations/settingsFile/settingsFile';
import { problemLine } from './report';
import { CliError } from './terminal';

/**
 * How a settings file marks environments. Errors in settings don't matter here; any other could hide a mark.
 *
 * @throws CliError with those errors, each at its line
 */
export function marksOf(path: string, text: string): readonly FileMark[] {
  const { document, problems } = readSettingsFile(text);
  const lines = problems
    .filter(({ severity, path: at }) => severity === 'error' && !(document && isInSettings(at)))
    .map((problem) => problemLine(path, text, problem));
  const { marks, isWhole } = readFileMarks(text);
  if (lines.length > 0 || !isWhole) {
    const what = `Couldn't tell from ${path} which environments are protected or read-only.`;
    throw new CliError([...lines, `${what} Fix the file, or choose another one with --file.`].join('\n'));
  }
  return marks;
}

const isInSettings = ([top, , below]: readonly (string | number)[]): boolean =>
  top === 'settings' || (top === 'environments' && below === 'settings');

/** An environment of a change file with the marks of a settings file. The change file can only be stricter. */
export function withMarks(target: FileEnvironment, marks: readonly FileMark[]): FileEnvironment {
  const own = marks.filter(({ host, id }) => host === target.host && id === target.id);
  const isProtected = target.isProtected === true || own.some(({ protect }) => protect);
  const isUnprotected = own.some(({ protect }) => protect === false);
  return {
    ...target,
    isProtected: isProtected ? true : isUnprotected ? false : undefined,
    isReadOnly: target.isReadOnly || own.some(({ readOnly }) => readOnly),
  };
}
