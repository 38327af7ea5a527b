import { pathText, type MergePath } from '../../json/merge/path';
import { namesText } from '../../json/namesText';
import { asLines, asText } from '../../json/visibleText';
import { list } from '../phrases/sentences';
import { changedValues } from '../changeText';
import type { Review } from '../save/applySteps';
import { consentOf, type Consented } from '../review/consent';
import { consentedBy, reviewQuestion, type ReviewSubject } from '../review/review';
import { hasRisks, reviewItems } from '../review/reviewItems';
import type { HistoryEntry } from './entry';
import { changedOf, namesOf } from './item';
import type { UndoConflict } from './undo';

/** What is restored, and where. */
interface UndoPlace extends Pick<Review, 'changes' | 'doubts' | 'sending'>, Pick<ReviewSubject, 'requests'> {
  readonly name: string;
  readonly isProtected: boolean;
  readonly host: string;
  readonly connection: string;
  readonly organization?: string | undefined;
  /** What a rehearsal showed, as sentences. */
  readonly rehearsed: readonly string[];
  /** When the change was made, in the user's format. */
  readonly when: string;
}

/** What to ask before a change is undone, and what an answer consents to. */
export function undoQuestion(
  entry: HistoryEntry,
  { name, isProtected, when, changes, doubts = [], sending, rehearsed, requests, ...where }: UndoPlace,
): { message: string; detail: string; consented: Consented; subject: ReviewSubject } {
  const { environment, table } = entry;
  const { id } = environment;
  const items = reviewItems({ changes, ...(sending && { sending }) });
  const subject: ReviewSubject = {
    place: {
      document: table ? `${table.name} in ${name}` : name,
      ...{ environment: name, environmentId: id, isProtected, ...where },
    },
    reason: isProtected ? 'The environment is protected.' : `Restores the values from before ${when}.`,
    consent: consentOf(isProtected, hasRisks(items)),
    ...{ items, doubts, rehearsed, requests },
  };
  return {
    message: asText(`Undo the change to ${changedOf({ changes, table })} in ${name}?`),
    detail: reviewQuestion([subject]).detail,
    consented: consentedBy(subject),
    subject,
  };
}

/** How many settings a question names: VS Code shows a long one on top of the text below it. */
const namedAtMost = 3;

/** What to ask before writes of one action are undone in all their environments: how they came about, and what it was. */
export function togetherQuestion(entries: readonly HistoryEntry[]): string {
  const names = namesOf(entries.flatMap(({ changes }) => changes));
  const [is, it] = names.length === 1 ? ['was', 'it'] : ['were', 'them'];
  const count = `${entries.length} environments at once`;
  return asText(
    `${names.length > namedAtMost ? `${names.length} settings` : namesText(names)} ${is} ${cameAbout(entries, count)}. Undo ${it} in all of these environments?`,
  );
}

/** @param count how many environments */
function cameAbout(entries: readonly HistoryEntry[], count: string): string {
  const proposals = entries.flatMap(({ proposed }) => proposed ?? []);
  const all = (kind: HistoryEntry['kind']): boolean => entries.every((entry) => entry.kind === kind);
  if (proposals.length === entries.length) {
    const who = proposals[0]?.by;
    return `changed in ${count}, as ${who === undefined ? 'proposed' : `${who} proposed`}`;
  }
  if (all('copy')) {
    return `copied to ${count}`;
  }
  return all('apply') ? `applied to ${count} from a settings file` : `changed in ${count}`;
}

/**
 * What to ask if someone has changed the same values since.
 *
 * @param where the whole location, such as `Staging · Hedgehog Outfitters · Work`
 */
export function conflictQuestion(
  { environment, table, where }: Pick<HistoryEntry, 'environment' | 'table'> & { readonly where: string },
  conflicts: readonly UndoConflict[],
  others: readonly string[],
): { message: string; detail: string } {
  const names = list([...new Set(conflicts.map(({ path }) => pathText(path)))]);
  const is = conflicts.length === 1 ? 'was' : 'were';
  const of = table ? ` of ${table.name}` : '';
  return {
    message: asText(`${names}${of} ${is} changed again in ${environment.name} since. Restore anyway?`),
    detail: asLines([
      where,
      '',
      ...conflicts.map(
        ({ path, now, before }) =>
          `${pathText(path)}: ${changedValues({ path: keysOf(path), from: now, to: before })}`,
      ),
      ...(others.length === 0 ? [] : ['', `The rest: ${list(others)}`]),
    ]),
  };
}

/** The keys on a path, which determine whether a value is a secret. */
const keysOf = (path: MergePath): readonly string[] =>
  path.flatMap((step) => (typeof step === 'string' ? [step] : []));
