import { formatDocument } from '../../settings/document';
import { parseDocument, type DocumentProblem, type ValidDocument } from '../../json/parse';
import type { Now } from './applySteps';
import { outcomeText, type Outcome } from '../outcome';
import { nothingSent } from '../../posthog/outcomePhrases';
import { keepsMissing } from '../phrases/saving';
import { problemAt } from './refusedPlaces';
import { SaveRefused, type Seen } from './saveRefused';

/** The document, parsed and without errors. @throws SaveRefused with every error at its position */
export function readable(
  text: string,
  check: (document: ValidDocument) => readonly DocumentProblem[],
): ValidDocument {
  const document = parseDocument(text);
  if (!document.ok) {
    throw problemRefusal(document.problems);
  }
  refuseProblems(check(document));
  return document;
}

/** @throws SaveRefused when one of the problems is an error. */
export function refuseProblems(problems: readonly DocumentProblem[]): void {
  if (problems.some(({ severity }) => severity === 'error')) {
    throw problemRefusal(problems);
  }
}

function problemRefusal(problems: readonly DocumentProblem[]): SaveRefused {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more in the Problems view)` : '';
  return new SaveRefused(`${first?.message ?? "The document couldn't be parsed."}${more} ${nothingSent}`, {
    problems,
    action: { kind: 'showProblems' },
  });
}

/**
 * The outcome of a save after which the server doesn't have what the document says, with marks in the document.
 *
 * @param stateAs what the server's response is: a part of what was seen
 */
export function refusedSave<State>(
  outcome: Exclude<Outcome<Now<State>>, { kind: 'applied' }>,
  document: ValidDocument,
  stateAs: (state: State) => Pick<Seen, 'detail' | 'table'>,
): SaveRefused {
  const { action, spots, conflicts, unmerged, cause } = outcome;
  const now = outcome.kind === 'unknown' ? undefined : outcome.result;
  return new SaveRefused(outcomeText(outcome), {
    action: action ?? (spots.length > 0 ? { kind: 'showProblems' } : undefined),
    problems: spots.map(({ path, message, code }) => problemAt(document, path, message, code)),
    conflicts,
    unmerged,
    cause,
    ...(now && {
      base: now.base,
      seen: {
        document: now.document,
        text: formatDocument(now.document),
        ...(now.state && stateAs(now.state)),
      },
    }),
  });
}

/** A notice about keys that aren't in the document. */
export function missingNotice(missing: readonly string[]): readonly string[] {
  return missing.length === 0 ? [] : [keepsMissing(missing)];
}
