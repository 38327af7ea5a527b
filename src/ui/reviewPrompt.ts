import * as vscode from 'vscode';
import {
  placeText,
  plain,
  reviewQuestion,
  saveButton,
  strongestFirst,
  type ReviewSubject,
  type ReviewWords,
} from '../operations/review/review';
import { curlOf } from '../operations/review/curl';
import { requestLines } from '../operations/review/requestText';
import type { Choice, Prompts } from './prompts';
import { nothingSentYet } from '../operations/phrases/writes';

/** What a review needs besides its questions. */
export interface ReviewServices {
  readonly prompts: Prompts;
  copy(text: string): PromiseLike<void>;
}

/** How a review ended. `showChanges`: the user wants to see the difference first, and nothing is sent. */
export type Reviewed = 'send' | 'showChanges' | undefined;

type Row = 'send' | 'showChanges' | 'request' | 'curl';

/**
 * Shows the changes that are about to be sent, as a list, as the request and as curl, until the user sends or cancels.
 * Save All gets one review for all documents.
 */
export async function askReview(
  { prompts, copy }: ReviewServices,
  unordered: readonly ReviewSubject[],
  words?: ReviewWords,
): Promise<Reviewed> {
  const subjects = strongestFirst(unordered);
  const send = saveButton(subjects, words);
  const { message, detail } = reviewQuestion(subjects, words);
  const answer = await prompts.confirm(message, { detail }, send, 'Review…', 'Show Changes');
  if (answer === undefined) {
    return undefined;
  }
  if (answer === send) {
    return 'send';
  }
  return answer === 'Show Changes'
    ? 'showChanges'
    : listed({ prompts, copy }, subjects, { title: message, send });
}

/** The question of a command that isn't called a save, and its button that sends. */
export interface OwnQuestion {
  readonly message: string;
  readonly detail: string;
  readonly send: string;
}

/** Like {@link askReview}, for one target and without a difference to show. `undefined`: the user canceled. */
export async function askOwnReview(
  services: ReviewServices,
  subject: ReviewSubject,
  { message, detail, send }: OwnQuestion,
): Promise<'send' | undefined> {
  const answer = await services.prompts.confirm(message, { detail }, send, 'Review…');
  if (answer === undefined || answer === send) {
    return answer === send ? 'send' : undefined;
  }
  const reviewed = await listed(services, [subject], { title: message, send, isOwn: true });
  return reviewed === 'send' ? reviewed : undefined;
}

interface Listed {
  readonly title: string;
  readonly send: string;
  /** There's no difference to show. */
  readonly isOwn?: boolean;
}

/**
 * Shows changes as a list, with their requests, until the user sends or cancels.
 *
 * @param options the question, the button that sends, and whether there's no difference to show
 */
export async function listed(
  { prompts, copy }: ReviewServices,
  subjects: readonly ReviewSubject[],
  { title, send, isOwn = false }: Listed,
): Promise<Reviewed> {
  const requests = subjects.flatMap((subject) => subject.requests);
  let placeHolder = `${nothingSentYet} Choose what to do, or press Esc to cancel.`;
  for (;;) {
    const row: Row | undefined = await prompts.pick(rowsOf(subjects, send, isOwn), { title, placeHolder });
    switch (row) {
      case 'curl':
        await copy(requests.map(curlOf).join('\n'));
        placeHolder = 'Copied. The command reads the key from POSTHOG_PERSONAL_API_KEY';
        break;
      case 'request':
        await prompts.confirm(
          requests.length === 1 ? 'The request that will be sent' : 'The requests that will be sent',
          {
            detail: subjects.flatMap((subject) => [
              placeText(subject.place),
              ...subject.requests.flatMap(requestLines),
            ]),
            severity: 'information',
          },
          'Back',
        );
        break;
      default:
        return row;
    }
  }
}

const separator = (label: string): Choice<Row> => ({
  label,
  kind: vscode.QuickPickItemKind.Separator,
  value: 'showChanges',
});

const showChanges: Choice<Row> = {
  label: 'Show Changes',
  description: 'Opens the difference; sends nothing',
  value: 'showChanges',
};

function rowsOf(subjects: readonly ReviewSubject[], send: string, isOwn: boolean): readonly Choice<Row>[] {
  const value = isOwn ? 'request' : 'showChanges';
  return [
    ...subjects.flatMap(({ place, items, doubts, rehearsed }, index): Choice<Row>[] => [
      ...(index === 0 ? [] : [separator('')]),
      // Not the label of a separator, which VS Code shows on the first row below, in the place of its values.
      {
        label: placeText(place),
        ...(place.isProtected && { description: 'protected' }),
        iconPath: new vscode.ThemeIcon(place.isProtected ? 'lock' : 'layers'),
        value,
      },
      ...items.map(({ title, name, values, risks, notes }): Choice<Row> => ({
        label: title,
        description: title === name ? values : `${name}: ${values}`,
        // One line: the question before this one has the risks in full.
        detail: [...notes, ...risks.map(({ reason }) => `Risk: ${plain(reason)}`)].join(' '),
        warning: risks.length > 0,
        value,
      })),
      ...[...doubts, ...rehearsed].map((label): Choice<Row> => ({ label, value })),
    ]),
    separator('Actions'),
    ...(isOwn ? [] : [showChanges]),
    { label: 'Show Request', description: 'What will be sent', value: 'request' },
    { label: 'Copy as curl', description: 'With the key as $POSTHOG_PERSONAL_API_KEY', value: 'curl' },
    { label: send, value: 'send' },
  ];
}
