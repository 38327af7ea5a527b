import * as vscode from 'vscode';
import { recordCheck, type CheckedHistory } from '../../operations/history/recordCheck';
import { checkText, whatBecame } from '../../operations/whatBecame';
import { parseDocument } from '../../json/parse';
import { showWithAction, type FailureServices, type Ways } from '../../ui/actionButtons';
import { withLateCancel } from '../../ui/lateProgress';
import type { Documents } from '../documents';
import { isRemote } from '../documentState';
import { openedDocument } from '../showDocument';
import { saveTo } from './saveTo';

/** What checking a save again needs, besides showing what it found. */
interface RefusalServices extends FailureServices {
  history(): Promise<CheckedHistory>;
}

/** What to do about a document that wasn't saved. */
export function waysOf(uri: vscode.Uri, documents: Documents, services: RefusalServices): Ways {
  const retry = {
    label: saveTo(uri),
    run: () => saveAgain(uri),
  };
  return { uri, retry, checkAgain: () => checkAgain(uri, documents, services) };
}

/** Shows a document and saves it, as the user would. */
async function saveAgain(uri: vscode.Uri): Promise<void> {
  const document = await openedDocument(uri);
  await vscode.window.showTextDocument(document, { preview: false });
  await document.save();
}

/** Checks what PostHog has of a save with an unknown outcome, and reports it. */
async function checkAgain(uri: vscode.Uri, documents: Documents, services: RefusalServices): Promise<void> {
  const state = await documents.load(uri);
  const text = (await openedDocument(uri)).getText();
  const mine = parseDocument(text);
  if (!isRemote(state) || !mine.ok) {
    return;
  }
  const { target, base } = state;
  const theirs = await withLateCancel(`Checking ${documents.textOf(uri)}`, (signal) =>
    documents.fetchTheirs(target, signal),
  );
  await recordCheck(await services.history(), target, theirs);
  const became = whatBecame(target.kind, { base, mine: mine.value, theirs });
  const isAllThere = became.missing.length === 0 && became.others.length === 0;
  if (isAllThere && (await openedDocument(uri)).getText() === text) {
    // There is nothing left to send, so this only makes the editor clean.
    await (await openedDocument(uri)).save();
  }
  await showWithAction(
    isAllThere ? 'information' : 'warning',
    checkText(became),
    isAllThere ? undefined : { kind: 'retry' },
    waysOf(uri, documents, services),
    services,
  );
}
