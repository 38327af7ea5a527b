import { parseDocument, type DocumentProblem, type JsonPath } from '../../json/parse';
import { pathName } from '../../json/pathName';
import { settingsField } from '../../settings/catalogue';
import type { RecordedChange } from '../history/entry';
import { changeFileIssues, readChangeFile } from './changeFile';
import { breachesOf, secretsIn } from './checkManaged';

/**
 * The problems of a change file that can be found without a server. Syntax is left to the JSON language, which doesn't
 * limit the depth.
 */
export function checkChangeFile(text: string): readonly DocumentProblem[] {
  const document = parseDocument(text);
  if (!document.ok) {
    return document.problems.filter(({ code }) => code === 'too-deep');
  }
  const problem = (
    path: JsonPath,
    message: string,
    severity: DocumentProblem['severity'] = 'error',
  ): DocumentProblem => ({ path, ...document.locate(path), severity, code: 'change-file', message });
  const issues = changeFileIssues(document.value);
  if (issues.length > 0) {
    return issues.map(({ path, message }) => problem(path, message));
  }
  const read = readChangeFile(text);
  if ('problem' in read) {
    return [problem([], read.problem)];
  }
  return read.file.environments.flatMap(({ changes }, environment) =>
    changes.flatMap((change, index) => {
      const at = ['environments', environment, 'changes', index];
      return problemsOf(change).map(({ below, message, certain }) =>
        problem([...at, ...below], message, certain ? 'error' : 'warning'),
      );
    }),
  );
}

interface Found {
  readonly below: JsonPath;
  readonly message: string;
  readonly certain: boolean;
}

function problemsOf({ path, from, to, isMasked }: RecordedChange): readonly Found[] {
  const [key] = path;
  const field = settingsField(String(key));
  if (field?.access !== 'writable') {
    const message = field
      ? `"${String(key)}" is set by PostHog and can't be changed. Remove this change.`
      : `Unknown setting "${String(key)}". Check the spelling.`;
    return [{ below: ['path'], message, certain: true }];
  }
  const secret = [
    ...(isMasked ? [path] : []),
    ...[from, to].flatMap((value) => (value === undefined ? [] : secretsIn(path, value))),
  ];
  if (secret.length > 0) {
    const message = `"${pathName(path)}" contains a secret. Change files can't contain secrets. Remove this change, and make it in PostHog.`;
    return [{ below: ['path'], message, certain: true }];
  }
  return path.length === 1 && to !== undefined
    ? breachesOf(field, to).map((one) => ({
        below: ['to', ...one.path],
        message: one.message,
        certain: one.certain,
      }))
    : [];
}
