import * as vscode from 'vscode';
import { distinctName } from '../directory/organizationName';
import type { HistoryEntry } from '../operations/history/entry';
import { coversAll, reasonToReview, reviewedOtherwise, type Consented } from '../operations/review/consent';
import { rehearsalNotices, type Rehearsed } from '../operations/review/rehearsal';
import { consentedBy, reviewQuestion, saveButton, type ReviewSubject } from '../operations/review/review';
import { hasRisks, reviewItems } from '../operations/review/reviewItems';
import type { Confirm, Confirmed } from '../operations/save/applySteps';
import type { EnvironmentAt } from '../operations/services';
import { confirmSetting } from '../ui/reviewPlaces';
import { askOwnReview, type OwnQuestion } from '../ui/reviewPrompt';
import { rehearsedSubject } from '../ui/reviewSubject';
import type { CommandServices } from './command';
import { placeNames } from '../documents/uris/placeNames';
import { picked } from './targets';

/** Where a command writes to. */
type Place = EnvironmentAt & Pick<HistoryEntry, 'table'>;

/** The question and the button of a command that isn't called a save. */
interface Words {
  readonly message: string;
  readonly button: string;
}

/** Reviews what a command is about to write, if a save of the same changes would be reviewed. */
export function reviewAsSave(services: CommandServices, at: Place, words?: Words): Confirm {
  const { connections, marks } = services;
  const { connectionId, environment, table } = at;
  return async ({ environmentName, ...review }, consented) => {
    const connection = connections.get(connectionId);
    const name = environmentName ?? at.name;
    const { doubts = [] } = review;
    const items = reviewItems(review);
    await marks.known();
    const isProtected = connection !== undefined && marks.isProtected(connection, environment.id, name);
    const because = reasonToReview({
      ...{ setting: confirmSetting(), isProtected, isActive: true },
      isRisky: () => hasRisks(items),
      isDoubtful: doubts.length > 0,
    });
    if (!connection || !because) {
      return { isAsked: false };
    }
    const shown = distinctName(services.directory, at, name);
    const document = table ? `${table.name} in ${shown}` : shown;
    const { organization } = placeNames(services, at);
    const { subject, rehearsed } = await rehearsedSubject(services, connection, review, {
      ...because,
      place: { document, environment: shown, environmentId: environment.id, isProtected, organization },
      ...{ items, doubts },
    });
    const { message, detail } = reviewQuestion([subject]);
    const question = {
      message: words?.message ?? message,
      send: words?.button ?? saveButton([subject]),
      ...{ detail, subject, consented: consentedBy(subject) },
    };
    return askedAgain(question, consented, rehearsed, services);
  };
}

/** A question with what it is about, and what its answer consents to. */
interface Question extends OwnQuestion {
  readonly subject: ReviewSubject;
  readonly consented: Consented;
}

/** Asks, unless what the user just consented to covers it. @throws Canceled */
export async function askedAgain(
  { subject, consented, message, detail, send }: Question,
  before: Consented | undefined,
  rehearsed: Rehearsed,
  { log, prompts }: Pick<CommandServices, 'log' | 'prompts'>,
): Promise<Confirmed> {
  const noticesOf: Confirmed['noticesOf'] = (answered) => rehearsalNotices(rehearsed, answered, log);
  if (before && coversAll(before, consented)) {
    return { isAsked: false, noticesOf };
  }
  const said = before ? `${reviewedOtherwise}\n\n${detail}` : detail;
  const copy = (text: string): PromiseLike<void> => vscode.env.clipboard.writeText(text);
  picked(await askOwnReview({ prompts, copy }, subject, { message, send, detail: said }));
  return { isAsked: true, consented, noticesOf };
}
