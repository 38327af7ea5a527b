import { applyEdits, modify } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { Prompts } from '../ui/prompts';
import type { JsonObject } from '../json/json';
import type { CreatedFromDraft } from './fileSystem';
import { showDocument } from './showDocument';
import { tabsOf } from './tabs';
import { documentUri } from './uri';

/**
 * Opens the settings document of a new environment where its draft was, and closes the draft. What the server did
 * not take of the draft is put into the settings document as unsaved changes, so that nothing the person wrote is
 * lost and nothing is shown as saved that is not.
 */
export async function replaceDraft(
  { uri, connectionId, outcome }: CreatedFromDraft,
  prompts: Prompts,
): Promise<void> {
  const { environment, detail, differing } = outcome.result;
  const settings = documentUri({ kind: 'settings', connectionId, environment, name: detail.name });
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
    // Asked for again: a tab that something was opened beside is another object on older versions of VS Code.
    await vscode.window.tabGroups.close(tabsOf(uri), true);
  } else {
    messages.push(outcome.what);
  }
  if (messages.length > 0) {
    await prompts.tell('information', messages.join(' '));
  }
}

async function putInto(document: vscode.TextDocument, values: JsonObject): Promise<void> {
  const before = document.getText();
  let text = before;
  for (const [key, value] of Object.entries(values)) {
    const formattingOptions = { insertSpaces: true, tabSize: 2 };
    text = applyEdits(text, modify(text, [key], value, { formattingOptions }));
  }
  const edit = new vscode.WorkspaceEdit();
  edit.replace(
    document.uri,
    new vscode.Range(document.positionAt(0), document.positionAt(before.length)),
    text,
  );
  await vscode.workspace.applyEdit(edit);
}
