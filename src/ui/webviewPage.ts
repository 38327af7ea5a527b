import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { html } from './html';

/** A page of the extension: its title, and the name of its script and its style sheet. */
export interface WebviewPage {
  readonly title: string;
  readonly name: 'webVitals' | 'matrix';
}

/** The location of the files of pages. A page can't load anything else. */
export function pageRoots(extensionPath: string): { scripts: vscode.Uri; styles: vscode.Uri } {
  const root = vscode.Uri.file(extensionPath);
  return { scripts: vscode.Uri.joinPath(root, 'dist'), styles: vscode.Uri.joinPath(root, 'media', 'panel') };
}

/** The page around the content: no inline scripts or styles, nothing from elsewhere. */
export function webviewPage(
  webview: Pick<vscode.Webview, 'asWebviewUri' | 'cspSource'>,
  extensionPath: string,
  { title, name }: WebviewPage,
): string {
  const nonce = randomBytes(24).toString('base64');
  const { scripts, styles } = pageRoots(extensionPath);
  const address = (folder: vscode.Uri, file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="${address(styles, 'panel.css')}" />
        <link rel="stylesheet" href="${address(styles, `${name}.css`)}" />
      </head>
      <body>
        <main></main>
        <div role="status" aria-live="polite" class="heard"></div>
        <script nonce="${nonce}" src="${address(scripts, `${name}.js`)}"></script>
      </body>
    </html>`.toString();
}
