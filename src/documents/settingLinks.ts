import * as vscode from 'vscode';
import { isSandbox } from '../connections/connection';
import type { Connections } from '../connections/connections';
import { webPageUrl } from '../posthog/webPages';
import { linkHover } from '../ui/linkHover';
import { scheme } from './scheme';
import { parseDocumentUri } from './uri';

/**
 * Adds a link to PostHog's settings page to the hover of a setting. The schema can't, because it is the same for all
 * servers.
 */
export class SettingLinks implements vscode.HoverProvider, vscode.Disposable {
  private readonly registration = vscode.languages.registerHoverProvider({ scheme }, this);

  constructor(private readonly connections: Connections) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const target = parseDocumentUri(document.uri)?.target;
    const connection = target?.kind === 'settings' ? this.connections.get(target.connectionId) : undefined;
    if (!target || !connection || isSandbox(connection)) {
      return undefined;
    }
    const [{ keyAt }, { settingsField }] = await Promise.all([
      import('../json/parse'),
      import('../settings/catalogue'),
    ]);
    const { section, link } =
      settingsField(keyAt(document.getText(), document.offsetAt(position)) ?? '') ?? {};
    return section === undefined
      ? undefined
      : linkHover(
          'Open in PostHog',
          webPageUrl(connection.origin, { section, setting: link }, target.environment),
        );
  }

  dispose(): void {
    this.registration.dispose();
  }
}
