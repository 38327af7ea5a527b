import * as vscode from 'vscode';
import { isSandbox } from '../../connections/connection';
import type { Connections } from '../../connections/connections';
import { webPageUrl } from '../../posthog/webPages';
import { linkHover, type HoverLink } from '../../ui/linkHover';
import { scheme } from '../uris/scheme';
import { parseDocumentUri } from '../uris/uri';

/**
 * Adds links to the hover of a setting: its history, its values elsewhere, and its page in PostHog. The schema can't
 * contain them, because it's the same for all servers.
 */
export class SettingLinks implements vscode.HoverProvider, vscode.Disposable {
  private readonly registration = vscode.languages.registerHoverProvider({ scheme }, this);

  constructor(private readonly connections: Connections) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const shown = parseDocumentUri(document.uri);
    const target = shown?.target;
    const connection = target?.kind === 'settings' ? this.connections.get(target.connectionId) : undefined;
    if (!target || !connection) {
      return undefined;
    }
    const [{ keyPathAt }, { settingsField }, { copiedPath }] = await Promise.all([
      import('../../json/outline'),
      import('../../settings/catalogue'),
      import('../../operations/copy/copyRequest'),
    ]);
    const path = keyPathAt(document.getText(), document.offsetAt(position));
    const copied = shown.view === 'edit' ? copiedPath(path) : undefined;
    const { section, link } = settingsField(String(path[0])) ?? {};
    const links: HoverLink[] = [];
    if (copied) {
      const args = { uri: document.uri.toString(), path: copied };
      links.push(
        { text: 'History', command: 'showSettingHistory', args },
        { text: 'Other Environments', command: 'showSettingElsewhere', args },
        { text: 'Copy to Environment…', command: 'copySettings', args },
        { text: 'Undo Last Change…', command: 'undoSetting', args },
      );
    }
    if (section !== undefined && !isSandbox(connection)) {
      const page = { section, setting: link };
      links.push({ text: 'Open in PostHog', url: webPageUrl(connection.origin, page, target.environment) });
    }
    return links.length > 0 ? linkHover(links) : undefined;
  }

  dispose(): void {
    this.registration.dispose();
  }
}
