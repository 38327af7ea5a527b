import { applyEdits, modify } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { Prompts } from '../ui/prompts';
import type { JsonObject } from '../json/json';
import type { CreatedFromDraft } from './saving/documentSaves';
import { namesOf } from './uris/addresses';
import { showDocument } from './showDocument';
import { tabsOf } from './tabs';
import { editTo } from './textEdits';
import { documentUri, namedDocumentUri, type DocumentTarget } from './uris/uri';

/**
 * Opens a new environment's settings document in place of its draft, and closes the draft. Whatever the server didn't
 * accept becomes unsaved changes in the settings document, so that nothing is lost and nothing unsaved looks saved.
 */
export async function replaceDraft(
  { uri, connectionId, outcome }: CreatedFromDraft,
  prompts: Prompts,
): Promise<void> {
  const { environment, detail, differing } = outcome.result;
  const names = namesOf(uri);
  const target: DocumentTarget = { kind: 'settings', connectionId, environment, name: detail.name };
  const settings = names ? namedDocumentUri(target, 'edit', names) : documentUri(target);
  const tabs = tabsOf(uri);
  const missed = Object.keys(differing);
  const messages = [...outcome.notices];
  if (tabs.length > 0 || missed.length > 0) {
    for (const tab of tabs) {
      await showDocument(settings, {
        viewColumn: tab.group.viewColumn,
        preview: false,
        preserveFocus: !(tab.isActive && tab.group.isActive),
      });
    }
    if (missed.length > 0) {
      const { document } = await showDocument(settings, { preview: false });
      await putInto(document, differing);
      messages.push(
        `${outcome.what} Your values are in the document as unsaved changes: save to send them again, or revert the file to keep what PostHog has.`,
      );
    }
    // Looked up again: older versions of VS Code replace the tab object when another tab opens beside it.
    await vscode.window.tabGroups.close(tabsOf(uri), true);
  } else {
    messages.push(outcome.what);
  }
  if (messages.length > 0) {
    await prompts.notify('information', messages.join(' '));
  }
}

async function putInto(document: vscode.TextDocument, values: JsonObject): Promise<void> {
  let text = document.getText();
  for (const [key, value] of Object.entries(values)) {
    const formattingOptions = { insertSpaces: true, tabSize: 2 };
    text = applyEdits(text, modify(text, [key], value, { formattingOptions }));
  }
  await vscode.workspace.applyEdit(editTo(document, text));
}
