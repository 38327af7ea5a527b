import { applyEdits, modify } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { Prompts } from '../ui/prompts';
import { jsonEquals, type JsonObject } from '../json/json';
import { parseDocument } from '../json/parse';
import type { CreatedFromDraft } from './saving/documentSaves';
import { namesOf } from './uris/addresses';
import { openDocument, showDocument } from './showDocument';
import { closeDiscarding } from './closeDiscarding';
import { tabsOf } from './tabs';
import { editTo } from './textEdits';
import { parseDraftUri } from './uris/draftUri';
import { organizationNames } from './uris/placeNames';
import { documentUri, namedDocumentUri, type DocumentTarget } from './uris/uri';

/** Where the names in addresses come from. */
export type DraftNames = Parameters<typeof organizationNames>[0];

/**
 * Opens a new environment's settings document in place of its draft, and closes the draft. Whatever the server didn't
 * accept, and whatever was typed in the draft during the save, becomes unsaved changes in the settings document, so that
 * nothing is lost and nothing unsaved looks saved.
 */
export async function replaceDraft(
  { uri, connectionId, text, outcome }: CreatedFromDraft,
  sources: DraftNames,
  prompts: Prompts,
): Promise<void> {
  const { environment, detail, differing } = outcome.result;
  const draft = parseDraftUri(uri);
  // The addresses of former versions have no names.
  const names = namesOf(uri) ?? (draft && organizationNames(sources, draft));
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
    // Read now that the draft is no longer what the user types in.
    const now = openDocument(uri)?.getText() ?? text;
    const typed = changedSettings(text, now);
    const values = { ...differing, ...typed };
    if (Object.keys(values).length > 0) {
      const { document } = await showDocument(settings, { preview: false });
      await putInto(document, values);
      messages.push(
        missed.length > 0
          ? `${outcome.what} Your values are in the document as unsaved changes: save to send them again, or revert the file to keep what PostHog has.`
          : `${outcome.what} What you typed during the save is in the document as unsaved changes.`,
      );
    }
    if (!typed) {
      messages.push(
        `${outcome.what} What you typed during the save isn't valid JSON, so it's still in the draft.`,
      );
    } else {
      if (now !== text) {
        await closeDiscarding(uri);
      }
      // Looked up again: older versions of VS Code replace the tab object when another tab opens beside it.
      await vscode.window.tabGroups.close(tabsOf(uri), true);
    }
  } else {
    messages.push(outcome.what);
  }
  if (messages.length > 0) {
    await prompts.notify('information', messages.join(' '));
  }
}

/** The settings that a later text sets differently; `undefined` if it isn't readable. */
function changedSettings(before: string, after: string): JsonObject | undefined {
  if (after === before) {
    return {};
  }
  const [sent, now] = [parseDocument(before), parseDocument(after)];
  return sent.ok && now.ok
    ? Object.fromEntries(
        Object.entries(now.value).filter(([key, value]) => !jsonEquals(sent.value[key] ?? null, value)),
      )
    : undefined;
}

async function putInto(document: vscode.TextDocument, values: JsonObject): Promise<void> {
  let text = document.getText();
  for (const [key, value] of Object.entries(values)) {
    const formattingOptions = { insertSpaces: true, tabSize: 2 };
    text = applyEdits(text, modify(text, [key], value, { formattingOptions }));
  }
  await vscode.workspace.applyEdit(editTo(document, text));
}
