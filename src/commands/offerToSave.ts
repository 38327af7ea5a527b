import type * as vscode from 'vscode';
import { openedDocument, showDocument } from '../documents/showDocument';
import { saveTo } from '../documents/saving/saveTo';
import type { CommandServices } from './command';

/** Shows a message about a document that can be saved now, with a button that saves it. */
export async function offerToSave(
  { prompts }: Pick<CommandServices, 'prompts'>,
  uri: vscode.Uri,
  message: string,
): Promise<void> {
  const save = saveTo(uri);
  if ((await prompts.notify('information', message, save)) === save) {
    await showDocument(uri, { preview: false });
    await (await openedDocument(uri)).save();
  }
}
