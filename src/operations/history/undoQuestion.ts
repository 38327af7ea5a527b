import { pathText, type MergePath } from '../../json/merge/path';
import { asLines, asText } from '../../json/visibleText';
import { list } from '../phrases';
import { changedValues } from '../changeText';
import type { Review } from '../applySteps';
import { reviewQuestion } from '../review/review';
import { reviewItems } from '../review/reviewItems';
import type { HistoryEntry } from './entry';
import { titleOf } from './item';
import type { UndoConflict } from './undo';

/** What is restored, and where. */
interface UndoPlace extends Pick<Review, 'changes' | 'doubts' | 'sending'> {
  readonly name: string;
  readonly isProtected: boolean;
  readonly host: string;
  readonly connection: string;
  /** When the change was made, in the user's format. */
  readonly when: string;
}

/** What to ask before a change is undone. */
export function undoQuestion(
  entry: HistoryEntry,
  { name, isProtected, host, connection, when, changes, doubts, sending }: UndoPlace,
): { message: string; detail: string } {
  const { id } = entry.environment;
  const { detail } = reviewQuestion([
    {
      place: { document: name, environment: name, environmentId: id, isProtected, host, connection },
      reason: isProtected ? 'The environment is protected.' : `Values from before ${when} are put back.`,
      consent: isProtected ? 'protected' : 'ordinary',
      items: reviewItems({ changes, ...(sending && { sending }) }),
      doubts: doubts ?? [],
      requests: [],
    },
  ]);
  return { message: asText(`Undo the change of ${titleOf(entry)} in ${name}?`), detail };
}

/** What to ask if someone has changed the same values since. */
export function conflictQuestion(
  { environment }: HistoryEntry,
  conflicts: readonly UndoConflict[],
  others: readonly string[],
): { message: string; detail: string } {
  const names = list([...new Set(conflicts.map(({ path }) => pathText(path)))]);
  const is = conflicts.length === 1 ? 'was' : 'were';
  return {
    message: asText(`${names} ${is} changed again in ${environment.name} since. Put back all the same?`),
    detail: asLines([
      ...conflicts.map(
        ({ path, now, before }) =>
          `${pathText(path)}: ${changedValues({ path: keysOf(path), from: now, to: before })}`,
      ),
      ...(others.length === 0 ? [] : ['', `The rest: ${list(others)}`]),
    ]),
  };
}

/** The keys on a path, which tell what is a secret. */
const keysOf = (path: MergePath): readonly string[] =>
  path.flatMap((step) => (typeof step === 'string' ? [step] : []));
